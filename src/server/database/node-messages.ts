import type { Queryable } from './database.ts';

/** A frame of the protocol and what is wrapped around it. */
const MAX_MESSAGE_BYTES = 128 * 1024;

/** A message that one node hands to another through the table node_messages. */
export interface NodeMessage {
  readonly node: string;
  readonly payload: string;
}

/** Throws a RangeError for a payload that is too long, or has a NUL character (PostgreSQL's text cannot hold one). */
export function checkNodeMessage(payload: string): void {
  const bytes = Buffer.byteLength(payload);
  if (bytes > MAX_MESSAGE_BYTES) throw new RangeError(`a node message of ${bytes} bytes`);
  if (payload.includes('\0')) throw new RangeError('a node message with a NUL character');
}

/** Deletes messages that nobody has collected in a minute: they were for a node that is dead. */
export async function deleteStaleNodeMessages(db: Queryable): Promise<void> {
  await db.query(`delete from node_messages where sent_at < now() - interval '1 minute'`, []);
}
