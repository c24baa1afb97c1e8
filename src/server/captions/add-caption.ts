import type { CaptionTranslation } from '../../protocol/captions.ts';
import { RtcDeskError } from '../../protocol/errors.ts';
import { isPlainText } from '../database/storable-text.ts';
import type { Queryable } from '../database/database.ts';

/** Lines of one call: somebody who speaks without a pause for ten hours. */
export const MAX_LINES = 10_000;

export interface NewCaption {
  readonly room: number;
  /** Who spoke. */
  readonly participant: string;
  readonly id: string;
  readonly text: string;
  readonly language: string;
  /** Ms since 1970 by the server's clock, as the browser knows it. */
  readonly startedAt: number;
  readonly translations: readonly CaptionTranslation[];
}

// A hidden agent writes nothing: a line would tell the others that somebody listens.
const ADD = `
with speaker as materialized (
  select c.id as call_id, c.connected_at, p.id, s.captions ->> 'mode' as mode,
         exists (select from recordings o
                  where o.call_id = c.id and o.state in ('asked', 'refused', 'paused')) as unrecorded,
         (select count(*) from transcript_lines t where t.call_id = c.id) >= $7 as full
    from participants p
    join rooms r on r.number = p.room
    join calls c on c.id = r.call_id and c.room = r.number
    join sites s on s.id = c.site_id
   where p.id = $2 and p.room = $1 and p.entered_at is not null and p.left_at is null
     and not p.hidden and p.may_speak and r.closed_at is null and c.state = 'connected'),
added as (
  insert into transcript_lines as t (call_id, id, participant_id, spoken_at, language, text, translations)
  select call_id, $3, id, greatest(connected_at, least(clock_timestamp(), to_timestamp($6::float8 / 1000))), $5, $4, $8
    from speaker where mode = 'kept' and not unrecorded and not "full"
  -- A translation may be ready after its line.
  on conflict (call_id, id) do update set translations = excluded.translations
    where t.participant_id = excluded.participant_id and t.text = excluded.text and t.translations = '[]')
select mode, unrecorded, "full" from speaker`;

interface Row {
  readonly mode: string;
  readonly unrecorded: boolean;
  readonly full: boolean;
}

/**
 * Stores a line; the same id again changes nothing, except that a line without translations gets them. Resolves to
 * whether it is kept: false while the call may not be recorded. Rejects with `bad-message` for what is no text, with
 * `forbidden` unless the participant speaks in a connected call of a site that keeps captions, and with `conflict` if
 * the call has too many lines.
 */
export async function addCaption(db: Queryable, caption: NewCaption): Promise<boolean> {
  const { room, participant, id, text, language, startedAt, translations } = caption;
  const texts = [text, ...translations.map((one) => one.text)];
  if (!texts.every(isPlainText)) throw new RtcDeskError('bad-message', 'This is no text.');
  const { rows } = await db.query<Row>(ADD, [
    ...[room, participant, id, text, language, startedAt, MAX_LINES],
    JSON.stringify(translations),
  ]);
  const [row] = rows;
  if (row?.mode !== 'kept') throw new RtcDeskError('forbidden', 'Captions are not kept here.');
  if (row.full) throw new RtcDeskError('conflict', `A call has at most ${MAX_LINES} lines.`);
  return !row.unrecorded;
}
