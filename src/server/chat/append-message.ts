import { RtcDeskError } from '../../protocol/errors.ts';
import { limits } from '../../protocol/limits.ts';
import type { ChatMessage } from '../../protocol/views.ts';
import type { Database } from '../database/database.ts';
import { CHAT_MESSAGE } from './chat-message-columns.ts';
import { isStorableText } from '../database/storable-text.ts';

export interface NewMessage {
  readonly room: number;
  readonly participant: string;
  /** The sender's UUID of the message. */
  readonly id: string;
  /** Exactly one of the two. */
  readonly text?: string | undefined;
  readonly imageId?: string | undefined;
}

interface Facts {
  readonly member: boolean;
  readonly image: boolean;
}

// The row of the room is the lock under which sequences are allotted, without a gap and without a double.
const APPEND = `
with sender as materialized (
  select p.id, p.name, p.role from participants p join rooms r on r.number = p.room
   where p.room = $1 and p.id = $2 and p.entered_at is not null and p.left_at is null and r.closed_at is null
     and ($5::uuid is null or exists (select from images i where i.id = $5 and i.room = $1))
     and not exists (select from messages m where m.room = $1 and m.id = $3)),
numbered as (
  update rooms r set chat_sequence = r.chat_sequence + 1 from sender
   where r.number = $1 and r.closed_at is null returning r.chat_sequence),
made as (
  insert into messages (room, sequence, id, participant_id, text, image_id)
  select $1, n.chat_sequence, $3, s.id, $4, $5 from numbered n, sender s returning *)
select ${CHAT_MESSAGE} from made m
  join sender p on p.id = m.participant_id left join images i on i.id = m.image_id`;

const FIND = `
select ${CHAT_MESSAGE} from messages m
  join participants p on p.id = m.participant_id left join images i on i.id = m.image_id
 where m.room = $1 and m.id = $2
   and exists (select from participants s where s.id = $3 and s.room = $1)`;

/**
 * Keeps a message, as the next of its room. The same id again: answers with what is kept already.
 * Rejects with `message-empty`, `message-too-long`, `not-found` (no such picture in this room),
 * `conflict` (the sender has not entered, or has left, or the room is closed).
 */
export async function appendMessage(db: Database, message: NewMessage): Promise<ChatMessage> {
  checkMessage(message);
  const { room, participant, id, text, imageId } = message;
  const made = await append(db, [room, participant, id, text ?? null, imageId ?? null]);
  if (made) {
    db.wake.notify(`chat:${room}`, `room:${room}`);
    return made;
  }
  const { rows } = await db.query<ChatMessage>(FIND, [room, id, participant]);
  if (rows[0]) return rows[0];
  throw await refusal(db, message);
}

/** Null where it is there already, or refused. */
async function append(db: Database, values: readonly unknown[]): Promise<ChatMessage | null> {
  try {
    return (await db.query<ChatMessage>(APPEND, values)).rows[0] ?? null;
  } catch (error) {
    // The same message came twice in one moment: the other one is kept.
    if ((error as { code?: string }).code === '23505') return null;
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
  if (!isStorableText(text)) {
    throw new RtcDeskError('bad-message', 'The message is no text.');
  }
}

async function refusal(db: Database, { room, participant, imageId }: NewMessage): Promise<Error> {
  const { rows } = await db.query<Facts>(
    `select exists (select from participants p join rooms r on r.number = p.room
                     where p.room = $1 and p.id = $2 and p.entered_at is not null and p.left_at is null
                       and r.closed_at is null) as member,
            $3::uuid is null or exists (select from images where id = $3 and room = $1) as image`,
    [room, participant, imageId ?? null],
  );
  return rows[0]?.member && !rows[0].image
    ? new RtcDeskError('not-found', 'No such picture in this room.')
    : new RtcDeskError('conflict', 'You are not in this room any more.');
}
