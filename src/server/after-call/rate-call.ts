import { RtcDeskError } from '../../protocol/errors.ts';
import type { NewRating, OwnRating } from '../../protocol/rest/own-call.ts';
import type { RatingSettings } from '../../protocol/rest/site-settings.ts';
import type { Queryable } from '../database/database.ts';
import { isPlainText } from '../database/storable-text.ts';
import { MAY_RATE } from './own-call.ts';

/** A rating can be changed for so long. */
const CHANGE_MINUTES = 5;

const SETTINGS = `
select s.rating from calls c join sites s on s.id = c.site_id where c.id = $1 and ${MAY_RATE}`;

const RATE = `
insert into call_ratings as r (call_id, kind, value, reasons, text)
select c.id, $2, $3, $4, $5 from calls c where c.id = $1 and ${MAY_RATE}
on conflict (call_id) do update
  set kind = excluded.kind, value = excluded.value, reasons = excluded.reasons, text = excluded.text, changed_at = now()
  where r.rated_at > now() - interval '${CHANGE_MINUTES} minutes'
returning r.value`;

/**
 * The visitor's word about a call. Given again it takes the place of the first, for some minutes. Rejects with
 * `bad-message` if the site asks for something else, with `conflict` if it is too early or too late.
 */
export async function rateCall(
  db: Queryable,
  callId: string,
  { value, reasons = [], text = '' }: NewRating,
): Promise<OwnRating> {
  const { rows } = await db.query<{ rating: RatingSettings }>(SETTINGS, [callId]);
  const settings = rows[0]?.rating;
  if (!settings) throw new RtcDeskError('conflict', 'This call cannot be rated now.');
  if (settings.kind === 'none') throw bad('The site asks for no rating.');
  if (settings.kind === 'yes-no' && value !== 1 && value !== 5) throw bad('value must be 1 or 5.');
  if (text !== '' && !settings.text) throw bad('The site asks for no text.');
  if (!isPlainText(text)) throw bad('text has characters that cannot be stored.');
  const chosen = settings.reasons.filter(({ id }) => reasons.includes(id));
  if (chosen.length < reasons.length) throw bad('reasons has one that the site does not name.');
  const { rowCount } = await db.query(RATE, [
    callId,
    settings.kind,
    value,
    JSON.stringify(chosen),
    text,
  ]);
  if (rowCount === 0) throw new RtcDeskError('conflict', 'This rating can no longer be changed.');
  return { value, reasons: chosen.map(({ id }) => id), text };
}

function bad(message: string): RtcDeskError {
  return new RtcDeskError('bad-message', message);
}
