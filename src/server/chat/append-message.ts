import { RtcDeskError } from '../../protocol/errors.ts';
import { limits } from '../../protocol/limits.ts';
import type { ChatMessage } from '../../protocol/views.ts';
import type { Database } from '../database/database.ts';
import { isPlainText } from '../database/storable-text.ts';

export interface NewMessage {
  readonly room: number;
  readonly participant: string;
  /** The sender's UUID of the message. */
  readonly id: string;
  /** Exactly one of text and imageId. */
  readonly text?: string | undefined;
  readonly imageId?: string | undefined;
}

interface RefusalFacts {
  /** Whether the sender is in the room. */
  readonly inside: boolean;
  readonly image_found: boolean;
}

// The row of the room is the lock under which sequences are given out, without a gap and without a double.
const APPEND = `
with sender as materialized (
  select p.id from participants p join rooms r on r.number = p.room
   where p.room = $1 and p.id = $2 and p.entered_at is not null and p.left_at is null and r.closed_at is null
     and ($5::uuid is null or exists (select from images i where i.id = $5 and i.room = $1))
     and not exists (select from messages m where m.room = $1 and m.id = $3)),
numbered as (
  update rooms r set chat_sequence = r.chat_sequence + 1 from sender
   where r.number = $1 and r.closed_at is null
  returning r.chat_sequence)
insert into messages (room, sequence, id, participant_id, text, image_id)
select $1, n.chat_sequence, $3, s.id, $4, $5 from numbered n, sender s`;

const FIND = `
select m.sequence, m.id, m."from", m.name, m.role, m."sentAt", m.text, m.image
  from chat_messages m
 where m.room = $1 and m.id = $2
   and exists (select from participants p where p.id = $3 and p.room = $1)`;

/**
 * Stores a message as the next one of its room. For an id that is stored already, answers with that message. Rejects with
 * `bad-message`, `message-empty`, `message-too-long`, `not-found` (no such picture in this room), and `conflict` (the
 * sender has not entered or has left, or the room is closed).
 */
export async function appendMessage(db: Database, message: NewMessage): Promise<ChatMessage> {
  checkMessage(message);
  const { room, participant, id } = message;
  if (await append(db, message)) db.wake.notify(`chat:${room}`);
  const { rows } = await db.query<ChatMessage>(FIND, [room, id, participant]);
  return rows[0] ?? (await refuse(db, message));
}

/** False if the message is stored already, or is refused. */
async function append(
  db: Database,
  { room, participant, id, text, imageId }: NewMessage,
): Promise<boolean> {
  try {
    const { rowCount } = await db.query(APPEND, [
      room,
      participant,
      id,
      text ?? null,
      imageId ?? null,
    ]);
    return rowCount > 0;
  } catch (error) {
    // The same message came twice in one moment. The other one is stored.
    if ((error as { code?: string }).code === '23505') return false;
    throw error;
  }
}

function checkMessage({ text, imageId }: NewMessage): void {
  if (imageId !== undefined) {
    if (text !== undefined) throw new RtcDeskError('bad-message', 'Text or picture, not both.');
    return;
  }
  if (text === undefined || text.trim() === '') {
    throw new RtcDeskError('message-empty', 'The message is empty.');
  }
  if (text.length > limits.textLength) {
    throw new RtcDeskError('message-too-long', `More than ${limits.textLength} characters.`);
  }
  if (!isPlainText(text)) {
    throw new RtcDeskError('bad-message', 'The message has characters that are no text.');
  }
}

const READ_REFUSAL = `
select exists (select from participants p join rooms r on r.number = p.room
                where p.room = $1 and p.id = $2 and p.entered_at is not null and p.left_at is null
                  and r.closed_at is null) as inside,
       $3::uuid is null or exists (select from images where id = $3 and room = $1) as image_found`;

async function refuse(db: Database, { room, participant, imageId }: NewMessage): Promise<never> {
  const { rows } = await db.query<RefusalFacts>(READ_REFUSAL, [room, participant, imageId ?? null]);
  if (rows[0]?.inside && !rows[0].image_found) {
    throw new RtcDeskError('not-found', 'No such picture in this room.');
  }
  throw new RtcDeskError('conflict', 'You are not in this room any more.');
}
