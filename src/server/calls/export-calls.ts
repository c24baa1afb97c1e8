import { paramTexts } from '../../protocol/param-texts.ts';
import type { CallExportQuery, CallSummary } from '../../protocol/rest/calls.ts';
import type { Queryable } from '../database/database.ts';
import type { CallScope } from './call-record.ts';
import { CSV_START, csvRow, type Cell } from './csv.ts';
import { listCalls, type CallFilter } from './list-calls.ts';

/** Calls that are read at a time: what an export of any size holds in memory. */
const BATCH_CALLS = 500;

/** All calls of a filter, newest first, in batches. */
async function* readBatches(
  db: Queryable,
  scope: CallScope,
  filter: CallFilter,
): AsyncGenerator<readonly CallSummary[]> {
  let cursor: string | null = null;
  do {
    const page = await listCalls(db, scope, filter, {
      limit: BATCH_CALLS,
      ...(cursor !== null && { cursor }),
    });
    yield page.calls;
    cursor = page.cursor;
  } while (cursor !== null);
}

/** A JSON array of CallSummary, piece by piece. */
export async function* exportJson(
  db: Queryable,
  scope: CallScope,
  filter: CallFilter,
): AsyncGenerator<string> {
  let separator = '[';
  for await (const calls of readBatches(db, scope, filter)) {
    if (calls.length === 0) continue;
    yield separator + calls.map((call) => JSON.stringify(call)).join(',\n');
    separator = ',\n';
  }
  yield separator === '[' ? '[]\n' : ']\n';
}

type Language = NonNullable<CallExportQuery['language']>;

/** The columns of the CSV file. Times are ISO 8601 in UTC, so that a spreadsheet sorts them. */
const COLUMNS: Readonly<Record<string, (call: CallSummary, language: Language) => Cell>> = {
  id: ({ id }) => id,
  requestedAt: ({ requestedAt }) => time(requestedAt),
  state: ({ state }) => state,
  group: ({ skill }) => skill?.id,
  visitor: ({ visitor }) => visitor.name,
  visitorId: ({ visitor }) => visitor.id,
  verified: ({ visitor }) => visitor.verified,
  agent: ({ agent }) => agent?.username,
  acceptedAt: ({ acceptedAt }) => time(acceptedAt),
  connectedAt: ({ connectedAt }) => time(connectedAt),
  endedAt: ({ endedAt }) => time(endedAt),
  reason: ({ reason }) => reason,
  seconds: ({ seconds }) => seconds,
  disposition: ({ disposition }) => disposition?.code,
  tags: ({ tags }) => tags.join('; '),
  rating: ({ rating }) => rating?.value,
  ratingReasons: ({ rating }) => rating?.reasons.map(({ id }) => id).join('; '),
  ratingText: ({ rating }) => rating?.text,
  consent: ({ consent }) => consent?.agreed,
  consentAt: ({ consent }) => time(consent?.at ?? null),
  consentVersion: ({ consent }) => consent?.version,
  page: ({ visitor }) => visitor.page,
  language: ({ visitor }) => visitor.language,
  params: ({ visitor }) => JSON.stringify(visitor.params),
  paramTexts: ({ visitor }, language) =>
    paramTexts(visitor.params, visitor.paramWords, (texts) => textIn(texts, language))
      .map(({ name, label, text }) => `${label ?? name}: ${text}`)
      .join('; '),
};

/**
 * A CSV file with a byte order mark, by which spreadsheets know UTF-8, piece by piece. The site's words for params are in
 * `language`.
 */
export async function* exportCsv(
  db: Queryable,
  scope: CallScope,
  filter: CallFilter,
  language: Language,
): AsyncGenerator<string> {
  yield CSV_START + csvRow(Object.keys(COLUMNS));
  for await (const calls of readBatches(db, scope, filter)) {
    yield calls
      .map((call) => csvRow(Object.values(COLUMNS).map((read) => read(call, language))))
      .join('');
  }
}

const time = (ms: number | null): string | null =>
  ms === null ? null : new Date(ms).toISOString();

const textIn = (
  texts: Readonly<Partial<Record<Language, string | undefined>>>,
  language: Language,
) => texts[language] ?? texts.en ?? texts['zh-CN'] ?? '';
