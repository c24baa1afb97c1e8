import type { Database } from '../database/database.ts';
import { letVisitorIn } from './confirm-agent-inside.ts';

/** What TRTC saw of a join. `vanished`: it left without having said so (timed out, was killed, was removed). */
export interface Sighting {
  readonly room: number;
  readonly participant: string;
  readonly seen: 'inside' | 'left' | 'vanished';
  /** By TRTC's clock; ms since 1970. */
  readonly at: number;
}

// Sightings may come twice, late and in another order: the latest by TRTC's clock counts.
const RECORD = `
with known as materialized (
  select p.id, p.role from participants p join rooms r on r.number = p.room
   where p.id = $2 and p.room = $1 and (r.provider = 'trtc' or r.fell_back_at is not null)),
recorded as (
  update participants p set seen = $3, seen_at_ms = $4 from known k
   where p.id = k.id and (p.seen_at_ms is null or p.seen_at_ms < $4))
select role from known`;

/**
 * Writes down what TRTC saw; an agent who was seen inside lets the visitor in, once the agent's own word has
 * come too. False where there is no such join: the account may serve others besides this server.
 */
export async function recordSighting(db: Database, sighting: Sighting): Promise<boolean> {
  const { room, participant, seen, at } = sighting;
  const { rows } = await db.query<{ role: string }>(RECORD, [room, participant, seen, at]);
  // Also the second time: the process that heard it first may have died before this step.
  if (seen === 'inside' && rows[0]?.role === 'agent') await letVisitorIn(db, participant);
  return rows.length > 0;
}
