import { RtcDeskError } from '../../protocol/errors.ts';
import type { Database } from '../database/database.ts';
import { isStorableText } from '../database/storable-text.ts';
import { requireAuthor } from './require-author.ts';

const DELETE = `delete from call_tags where call_id = $1 and not tag = any ($2::text[])`;
const INSERT = `
insert into call_tags (call_id, tag, agent_id) select $1, t, $3 from unnest($2::text[]) t
on conflict (call_id, tag) do nothing`;

/** The whole list of a call's tags. Rejects with `forbidden`, and with `bad-message` for what is no text. */
export async function setTags(
  db: Database,
  {
    callId,
    agentId,
    tags,
  }: { readonly callId: string; readonly agentId: string; readonly tags: readonly string[] },
): Promise<void> {
  const words = [...new Set(tags.map((tag) => tag.trim()))];
  if (!words.every((tag) => tag !== '' && isStorableText(tag))) {
    throw new RtcDeskError('bad-message', 'A tag is no text.');
  }
  await db.transaction(async (tx) => {
    await requireAuthor(tx, { callId, agentId });
    await tx.query(DELETE, [callId, words]);
    await tx.query(INSERT, [callId, words, agentId]);
  });
  db.wake.notify(`agent:${agentId}`);
}
