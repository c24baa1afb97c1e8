import type { CallSteps } from '../../protocol/rest/calls.ts';
import type { Queryable } from '../database/database.ts';

/** The page may have been loading for so long before its request reached the server. */
const MAX_PRESS_MS = 600_000;
/** Clocks that run apart, and rounding. */
const CLOCK_MS = 1_000;

// The browser of the visitor says how long ago the press was. The server knows how long ago the request came: the press
// was before that, and not long before.
const WRITE = `
insert into first_frames (call_id, side, since_press_ms)
select c.id, p.role, case when p.role = 'visitor' and $3::int between t.since_request - ${CLOCK_MS}
                               and t.since_request + ${MAX_PRESS_MS} then $3::int end
  from participants p
  join rooms r on r.number = p.room
  join calls c on c.id = r.call_id and c.room = r.number
 cross join lateral (select ms_between(c.requested_at, clock_timestamp()) as since_request) t
 where p.id = $2 and p.room = $1 and p.role in ('visitor', 'agent') and p.left_at is null
   and c.state in ('ready', 'connected')
on conflict (call_id, side) do nothing
returning call_id as "callId", side`;

const READ = `
select total, press, queue, ring, accept, enter, visitor_frame as "visitorFrame", agent_frame as "agentFrame"
  from call_steps where call_id = $1`;

/** The steps of a call from the press to the first picture; null before the first picture of either side. */
export async function readSteps(db: Queryable, callId: string): Promise<CallSteps | null> {
  return (await db.query<CallSteps>(READ, [callId])).rows[0] ?? null;
}

/**
 * A participant sees the other side for the first time. Later reports of the same side change nothing. Resolves to the
 * steps that became known.
 */
export async function writeFirstFrame(
  db: Queryable,
  frame: {
    readonly room: number;
    readonly participant: string;
    readonly sincePress: number | null;
  },
): Promise<Partial<CallSteps>> {
  const { rows } = await db.query<{ callId: string; side: 'visitor' | 'agent' }>(WRITE, [
    frame.room,
    frame.participant,
    frame.sincePress,
  ]);
  const steps = rows[0] && (await readSteps(db, rows[0].callId));
  if (!steps) return {};
  const { agentFrame, ...others } = steps;
  return rows[0]?.side === 'agent' ? { agentFrame } : others;
}
