import { randomUUID } from 'node:crypto';
import { endCall } from '../../../src/server/calls/end-call.ts';
import type { CallRequest } from '../../../src/server/calls/request-call.ts';
import { appendMessage } from '../../../src/server/chat/append-message.ts';
import { storeImage } from '../../../src/server/chat/image-store.ts';
import type { Database, Queryable } from '../../../src/server/database/database.ts';
import type { CallWorld, TestAgent, TestVisitor } from '../calls/call-world.ts';

export const PICTURE = {
  type: 'image/webp',
  width: 2,
  height: 3,
  bytes: Buffer.alloc(1_000, 1),
} as const;

export interface TalkedCall extends TestVisitor {
  readonly room: number;
}

/** A call that is connected, with two messages, of which one is a picture, and a line of what was said. */
export async function talk(
  world: CallWorld,
  agent: TestAgent,
  request: Partial<CallRequest> = {},
): Promise<TalkedCall> {
  const visitor = await world.visitor(request);
  const { room } = await world.connected(visitor, agent);
  const participant = await world.visitorParticipant(room);
  await appendMessage(world.db, { room, participant, id: randomUUID(), text: 'It is dark.' });
  const { id: imageId } = await storeImage(world.db, { room, participant }, PICTURE);
  await appendMessage(world.db, { room, participant, id: randomUUID(), imageId });
  await world.db.query(
    `insert into transcript_lines (call_id, id, participant_id, spoken_at, language, text)
     values ($1, $2, $3, now(), 'en', $4)`,
    [visitor.callId, randomUUID(), participant, 'No lamp is on.'],
  );
  return { ...visitor, room };
}

/** The same, and then the visitor ends it, and the agent has finished the wrap-up. */
export async function pastCall(
  world: CallWorld,
  agent: TestAgent,
  request: Partial<CallRequest> = {},
): Promise<TalkedCall> {
  const call = await talk(world, agent, request);
  await endCall(world.db, { callId: call.callId, by: { role: 'visitor' } });
  await world.db.query(
    `update legs set state = 'closed', closed_at = now(), wrap_up_until = null
      where call_id = $1 and state = 'left'`,
    [call.callId],
  );
  return call;
}

/** Lets days pass for one ended call, its events and its room. */
export async function age(db: Queryable, callId: string, days: number): Promise<void> {
  await db.query(
    `update calls set requested_at = requested_at - make_interval(days => $2),
            connected_at = connected_at - make_interval(days => $2),
            ended_at = ended_at - make_interval(days => $2) where id = $1`,
    [callId, days],
  );
  // Outside of a test, nothing changes an event.
  await db.query('alter table call_events disable trigger call_events_append_only');
  await db.query(`update call_events set at = at - make_interval(days => $2) where call_id = $1`, [
    callId,
    days,
  ]);
  await db.query('alter table call_events enable trigger call_events_append_only');
  await db.query(
    `update rooms set closed_at = closed_at - make_interval(days => $2) where call_id = $1`,
    [callId, days],
  );
  await db.query(
    `update images set created_at = created_at - make_interval(days => $2)
      where room in (select number from rooms where call_id = $1)`,
    [callId, days],
  );
}

/** The number of rows of each table. */
export async function countTables(
  db: Database,
  ...tables: readonly string[]
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of tables) {
    const { rows } = await db.query<{ n: number }>(`select count(*)::int as n from ${table}`);
    counts[table] = rows[0]?.n ?? -1;
  }
  return counts;
}
