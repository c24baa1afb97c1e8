import type { ListAnswer } from '../parts/list-definition.ts';
import type { Query, RestClient } from '../rest/rest-client.ts';

/** All rows of a list, for a choice. It follows the cursors. */
export async function loadAll<Row>(
  rest: RestClient,
  path: string,
  query: Query,
  signal: AbortSignal,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  let cursor: string | null = null;
  do {
    const answer: ListAnswer<Row> = await rest.get(path, { ...query, limit: 200, cursor }, signal);
    rows.push(...answer.items);
    ({ cursor } = answer);
  } while (cursor !== null);
  return rows;
}
