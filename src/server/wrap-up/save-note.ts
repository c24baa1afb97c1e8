import { RtcDeskError } from '../../protocol/errors.ts';
import type { Database, Queryable } from '../database/database.ts';
import { isStorableText } from '../database/storable-text.ts';
import { requireAuthor } from './require-author.ts';

// A text that is the newest version already makes no further one.
const WRITE = `
with newest as (
  select version, text from call_notes where call_id = $1 and agent_id = $2 order by version desc limit 1)
insert into call_notes (call_id, agent_id, version, text)
select $1, $2, coalesce((select version from newest), 0) + 1, $3
 where $3 is distinct from coalesce((select text from newest), '')`;

export interface NoteChange {
  readonly callId: string;
  readonly agentId: string;
  /** Empty: the note is taken away; its versions stay. */
  readonly text: string;
}

/** The agent's own note of a call. Rejects with `forbidden`, and with `bad-message` for what is no text. */
export async function saveNote(db: Database, change: NoteChange): Promise<void> {
  await db.transaction(async (tx) => {
    await requireAuthor(tx, change);
    await writeNote(tx, change);
  });
  db.wake.notify(`agent:${change.agentId}`);
}

/** In the transaction of a caller who has locked the call. */
export async function writeNote(
  tx: Queryable,
  { callId, agentId, text }: NoteChange,
): Promise<void> {
  if (!isStorableText(text)) throw new RtcDeskError('bad-message', 'The note is no text.');
  await tx.query(WRITE, [callId, agentId, text.trim()]);
}
