import type { Person, RoomSnapshot } from '../../call/room-control.ts';
import {
  ParticipantJoinedEvent,
  ParticipantLeftEvent,
  RoomJoinedEvent,
  RoomLeftEvent,
  type RoomParticipant,
} from './events.ts';

/** The public events that tell what happened between two snapshots of a room, in order. */
export function roomChanges(before: RoomSnapshot | null, now: RoomSnapshot | null): Event[] {
  const wasIn = isIn(before);
  const events: Event[] = [];
  if (!wasIn && isIn(now)) events.push(new RoomJoinedEvent(now?.room ?? null));
  const earlier = wasIn ? others(before) : [];
  const present = isIn(now) ? others(now) : [];
  for (const person of earlier) {
    if (!present.some(({ id }) => id === person.id)) {
      events.push(new ParticipantLeftEvent(participant(person)));
    }
  }
  for (const person of present) {
    if (!earlier.some(({ id }) => id === person.id)) {
      events.push(new ParticipantJoinedEvent(participant(person)));
    }
  }
  if (wasIn && !isIn(now)) events.push(new RoomLeftEvent(before?.room ?? null));
  return events;
}

function isIn(snapshot: RoomSnapshot | null): boolean {
  return snapshot?.state === 'joined' || snapshot?.state === 'reconnecting';
}

function others(snapshot: RoomSnapshot | null): readonly Person[] {
  return snapshot?.people.filter(({ self }) => !self) ?? [];
}

const participant = ({ id, name, role }: Person): RoomParticipant => ({ id, name, role });
