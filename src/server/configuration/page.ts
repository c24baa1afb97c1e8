import { RtcDeskError } from '../../protocol/errors.ts';
import { PAGE_ITEMS } from '../../protocol/rest/paging.ts';

/** What a list is asked for. `sort`: a field, with `-` before it the other way round. */
export interface PageRequest {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
  readonly sort?: string | undefined;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly cursor: string | null;
}

interface Place {
  readonly sort: string;
  readonly key: string;
  readonly id: string;
}

/**
 * A page of the rows of `select`, which has the columns `sort_key` (a text that is never null) and `sort_id` (a text,
 * unique). Its own parameters begin with $6; $5 is the field to sort by.
 */
export const paged = (select: string): string => `
select r.* from (${select}) r
 where $1::text is null
    or case when $3::boolean then (r.sort_key, r.sort_id) < ($1, $2::text)
            else (r.sort_key, r.sort_id) > ($1, $2::text) end
 order by case when not $3 then r.sort_key end, case when not $3 then r.sort_id end,
          case when $3 then r.sort_key end desc, case when $3 then r.sort_id end desc
 limit $4`;

/** The first five parameters of a `paged` statement. Throws `bad-message` for a cursor of another list. */
export function pageValues({ limit = PAGE_ITEMS, cursor, sort }: PageRequest, field: string) {
  const order = sort ?? field;
  const place = cursor === undefined ? null : readCursor(cursor, order);
  const isDescending = order.startsWith('-');
  return [
    place?.key ?? null,
    place?.id ?? null,
    isDescending,
    limit + 1,
    isDescending ? order.slice(1) : order,
  ];
}

/** The page of a `paged` statement's rows. `field` is the default order. */
export function pageOf<T>(
  rows: readonly (T & { readonly sort_key: string; readonly sort_id: string })[],
  { limit = PAGE_ITEMS, sort }: PageRequest,
  field: string,
): Page<T> {
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return {
    items: shown.map(({ sort_key: _key, sort_id: _id, ...item }) => item as T),
    cursor: last
      ? writeCursor({ sort: sort ?? field, key: last.sort_key, id: last.sort_id })
      : null,
  };
}

const writeCursor = ({ sort, key, id }: Place): string =>
  Buffer.from(JSON.stringify([sort, key, id])).toString('base64url');

function readCursor(cursor: string, sort: string): Place {
  const place = parse(Buffer.from(cursor, 'base64url').toString());
  const isPlace =
    Array.isArray(place) &&
    place.length === 3 &&
    place.every((part) => typeof part === 'string' && !part.includes('\u0000'));
  if (!isPlace || place[0] !== sort) {
    throw new RtcDeskError('bad-message', 'The cursor is not from a page of this list.');
  }
  const [, key, id] = place as [string, string, string];
  return { sort, key, id };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** A pattern for `ilike` that finds the text anywhere. Null: everything. */
export const searchPattern = (text: string | undefined): string | null =>
  text ? `%${text.replace(/[\\%_]/g, '\\$&')}%` : null;
