/** The step of a flow that a visitor sees, in the visitor's language. */
import { Type, type TProperties } from '@sinclair/typebox';
import { closed, OneOf, type Shape } from './schema.ts';

const Option = closed({ id: Type.String(), label: Type.String() });
const shown = <T extends string, P extends TProperties>(type: T, properties: P) =>
  closed({
    type: Type.Literal(type),
    /** The step's id, for `flow-answer`. */
    node: Type.String(),
    /** Whether `back` leads to an earlier step. */
    back: Type.Boolean(),
    ...properties,
  });

const FieldView = closed({
  id: Type.String(),
  label: Type.String(),
  type: OneOf('text', 'long-text', 'email', 'phone', 'number', 'date', 'choice'),
  required: Type.Boolean(),
  /** Of a `choice`. */
  options: Type.Optional(Type.Array(Option)),
  /** What the visitor answered before, or what the page knows. */
  value: Type.Optional(Type.String()),
});
export type FlowFieldView = Shape<typeof FieldView>;

const headed = { title: Type.Optional(Type.String()), text: Type.Optional(Type.String()) };

export const FlowStepView = Type.Union([
  shown('menu', { ...headed, title: Type.String(), options: Type.Array(Option) }),
  shown('message', {
    ...headed,
    links: Type.Array(closed({ label: Type.String(), url: Type.String() })),
  }),
  shown('form', {
    ...headed,
    title: Type.String(),
    fields: Type.Array(FieldView),
    optional: Type.Boolean(),
  }),
  shown('leave-message', headed),
  shown('callback', headed),
  /** The server asks another service; the next view follows by itself. */
  shown('wait', {}),
]);
export type FlowStepView = Shape<typeof FlowStepView>;
