import type { Database } from '../database/database.ts';
import { confirmAgentInside } from '../rooms/enter-room.ts';

/** What a callback of TRTC's says about a participant. */
export interface PresenceReport {
  readonly room: number;
  readonly participant: string;
  /** `vanished`: left without having said so (timed out, was killed, was removed). */
  readonly reported: 'inside' | 'left' | 'vanished';
  /** By TRTC's clock; ms since 1970. */
  readonly at: number;
}

// Callbacks may come twice, late, and in another order. The latest by TRTC's clock counts.
const RECORD = `
with known as materialized (
  select p.id, p.role from participants p join rooms r on r.number = p.room
   where p.id = $2 and p.room = $1 and (r.provider = 'trtc' or r.fell_back_at is not null)),
recorded as (
  update participants p set reported = $3, reported_at_ms = $4 from known k
   where p.id = k.id and (p.reported_at_ms is null or p.reported_at_ms < $4))
select role from known`;

/**
 * Records what TRTC reports about a participant. A report that an agent is inside can make the call `ready`. False if
 * no such participant is known: the TRTC account may serve other applications, too.
 */
export async function recordPresenceReport(db: Database, report: PresenceReport): Promise<boolean> {
  const { room, participant, reported, at } = report;
  const { rows } = await db.query<{ role: string }>(RECORD, [room, participant, reported, at]);
  // Also when the same report comes again: the process that got it first may have died before this step.
  if (reported === 'inside' && rows[0]?.role === 'agent') {
    await confirmAgentInside(db, room, participant);
  }
  return rows.length > 0;
}
