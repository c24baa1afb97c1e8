import { Type } from '@sinclair/typebox';
import { ParticipantRole } from './room-view.ts';
import { closed, Nullable, ParticipantId, Sequence, Time, Uuid, type Shape } from './schema.ts';

export const ChatImage = closed({ id: Uuid, width: Type.Integer(), height: Type.Integer() });
export type ChatImage = Shape<typeof ChatImage>;

/** A chat message as it is stored. Exactly one of `text` and `image` is set. */
export const ChatMessage = closed({
  /** Counts up by one in each room, from 1. */
  sequence: Sequence,
  /** The sender makes it; sending a message again with the same id changes nothing. */
  id: Uuid,
  /** The sender's participant id. */
  from: ParticipantId,
  name: Type.String(),
  role: ParticipantRole,
  sentAt: Time,
  text: Nullable(Type.String()),
  image: Nullable(ChatImage),
});
export type ChatMessage = Shape<typeof ChatMessage>;

/** The last message that a participant has seen. It only grows. */
export const ReadMark = closed({ participant: ParticipantId, sequence: Sequence });
export type ReadMark = Shape<typeof ReadMark>;
