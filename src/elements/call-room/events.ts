import type { ParticipantRole } from '../../protocol/views.ts';

/** A person of the room, in the room's events. */
export interface RoomParticipant {
  readonly id: string;
  readonly name: string;
  readonly role: ParticipantRole;
}

abstract class RoomEvent<D> extends Event {
  constructor(
    type: string,
    readonly detail: D,
  ) {
    super(type, { bubbles: true, composed: true });
  }
}

/** This person is in the room. */
export class RoomJoinedEvent extends RoomEvent<{ readonly room: number | null }> {
  constructor(room: number | null) {
    super('room-joined', { room });
  }
}

/** Somebody else entered, or was in the room before this person. */
export class ParticipantJoinedEvent extends RoomEvent<RoomParticipant> {
  constructor(participant: RoomParticipant) {
    super('participant-joined', participant);
  }
}

export class ParticipantLeftEvent extends RoomEvent<RoomParticipant> {
  constructor(participant: RoomParticipant) {
    super('participant-left', participant);
  }
}

/** This person is no longer in the room. */
export class RoomLeftEvent extends RoomEvent<{ readonly room: number | null }> {
  constructor(room: number | null) {
    super('room-left', { room });
  }
}

declare global {
  interface GlobalEventHandlersEventMap {
    'room-joined': RoomJoinedEvent;
    'participant-joined': ParticipantJoinedEvent;
    'participant-left': ParticipantLeftEvent;
    'room-left': RoomLeftEvent;
  }
}
