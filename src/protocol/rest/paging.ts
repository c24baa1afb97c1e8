/** What all lists of the REST interface share: pages by cursor, with filters and the order on the server. */
import { Type, type TSchema } from '@sinclair/typebox';
import { closed, Nullable, OneOf } from '../schema.ts';

export const MAX_PAGE_ITEMS = 200;
export const PAGE_ITEMS = 50;

/** Query parameters of every list. */
export const PageQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_PAGE_ITEMS, default: PAGE_ITEMS })),
  cursor: Type.Optional(Type.String({ maxLength: 512, description: 'From the page before.' })),
};

/** Words to look for. Case does not matter. */
export const SearchText = Type.Optional(Type.String({ maxLength: 80, pattern: '^[^\\u0000]*$' }));

/** The order of a list by one of these fields; with `-` before it the other way round. */
export const sortBy = <T extends string>(...fields: readonly T[]) =>
  Type.Optional(OneOf<T | `-${T}`>(...fields, ...fields.map((field): `-${T}` => `-${field}`)));

export const page = <S extends TSchema>(item: S) =>
  closed({
    items: Type.Array(item),
    cursor: Nullable(Type.String({ description: 'For the next page; null on the last page.' })),
  });
