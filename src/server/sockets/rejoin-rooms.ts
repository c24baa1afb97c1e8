import { RtcDeskError } from '../../protocol/errors.ts';
import type { Database } from '../database/database.ts';
import { issueParticipant, type ParticipantHolder } from '../rooms/issue-participant.ts';
import { roomsToRejoin } from '../rooms/rooms-to-rejoin.ts';

/** An agent's tab gets new participants in the rooms that an earlier page was in, if the tab is the active one. */
export async function rejoinRooms(db: Database, connection: string): Promise<void> {
  for (const { room, legId } of await roomsToRejoin(db, connection)) {
    await rejoinRoom(db, room, { role: 'agent', legId });
  }
}

/**
 * A page that was reloaded gets a new participant. If the call has moved on meanwhile there is none, and the next
 * snapshot says so.
 */
export async function rejoinRoom(
  db: Database,
  room: number,
  holder: ParticipantHolder,
): Promise<void> {
  try {
    await issueParticipant(db, { room, holder });
  } catch (error) {
    if (!(error instanceof RtcDeskError && error.code === 'conflict')) throw error;
  }
}
