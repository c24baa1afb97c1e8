import { Type } from '@sinclair/typebox';
import { closed, Slug, type Shape } from '../schema.ts';
import { Texts } from './fields.ts';

const label = Texts(80);
const MAX_SIBLINGS = 100;

const Leaf = closed({ code: Slug, label });
const Branch = closed({
  ...Leaf.properties,
  children: Type.Optional(Type.Array(Leaf, { maxItems: MAX_SIBLINGS })),
});
const Root = closed({
  ...Leaf.properties,
  children: Type.Optional(Type.Array(Branch, { maxItems: MAX_SIBLINGS })),
});

/** The outcomes from which agents choose: a tree of at most three levels. A code is there once in the whole tree. */
export const Dispositions = closed({
  dispositions: Type.Array(Root, { maxItems: MAX_SIBLINGS }),
});
export type Dispositions = Shape<typeof Dispositions>;
