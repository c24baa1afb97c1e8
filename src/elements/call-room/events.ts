import type { ParticipantRole } from '../../protocol/views.ts';

/** Somebody in the room, as its events name them. */
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

/** Somebody else came in, or was there already when this person came. */
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
