import { randomBytes } from 'node:crypto';
import type { Database } from '../../../src/server/database/database.ts';
import { answerFlow } from '../../../src/server/flows/answer-flow.ts';
import { beginFlow } from '../../../src/server/flows/begin-flow.ts';
import { heartbeat } from '../../../src/server/presence/heartbeat.ts';
import { acceptOffer } from '../../../src/server/legs/accept-offer.ts';
import { CallWorld, type TestAgent } from '../calls/call-world.ts';
import { flow } from '../flows/flow-fixture.ts';
import { publish } from '../flows/publish.ts';

export interface CallbackRow {
  readonly state: string;
  readonly attempts: number;
}

export interface CallbackCall {
  readonly id: string;
  readonly state: string;
  readonly requested_at: Date;
  readonly ended_reason: string | null;
}

/** A site with a flow `back` that asks for a callback, and a flow `letter` that asks for a message. */
export class CallbackWorld extends CallWorld {
  static override async make(db: Database, nodeId: string): Promise<CallbackWorld> {
    await CallWorld.make(db, nodeId);
    const world = new CallbackWorld(db, nodeId);
    // No offer is missed on a slow machine.
    await db.query('update skill_groups set offer_seconds = 120');
    for (const [id, type] of [
      ['back', 'callback'],
      ['letter', 'leave-message'],
    ] as const) {
      const step =
        type === 'callback'
          ? ({ type, group: 'sales', next: { done: 'e', refused: 'e' } } as const)
          : ({ type, group: 'sales', next: { done: 'e', skipped: 'e' } } as const);
      const start = { type: 'start', next: { next: 'x' } } as const;
      await publish(db, id, flow({ s: start, x: step, e: { type: 'end' } }));
    }
    return world;
  }

  /** A visitor leaves a message or asks for a callback, some seconds ago. Resolves to its id. */
  async left(
    id: 'back' | 'letter',
    { name = 'Mei', secondsAgo = 0 }: { name?: string; secondsAgo?: number } = {},
  ): Promise<string> {
    const resumeHash = randomBytes(32);
    const { callId } = await beginFlow(this.db, { siteId: 'shop', name, resumeHash, flow: id });
    const value = { contact: `${name}@shop.test`, text: 'No power' };
    await answerFlow(this.db, { callId, node: 'x', input: { kind: 'answer', value } });
    await this.shift('calls', callId, 'requested_at', secondsAgo);
    const { rows } = await this.db.query<{ id: string }>(
      'select id from follow_ups where call_id = $1',
      [callId],
    );
    return rows[0]?.id ?? '';
  }

  /** One sweep of a node that lives, however long the test took to get here. */
  override async sweep(): Promise<void> {
    await heartbeat(this.db, this.nodeId);
    await super.sweep();
  }

  async callback(id: string): Promise<CallbackRow> {
    const { rows } = await this.db.query<CallbackRow>(
      'select state, attempts from callbacks where id = $1',
      [id],
    );
    if (!rows[0]) throw new Error('no such callback');
    return rows[0];
  }

  /** The newest call of the callback. */
  async callOf(id: string): Promise<CallbackCall> {
    const { rows } = await this.db.query<CallbackCall>(
      `select id, state, requested_at, ended_reason from calls where callback_id = $1
        order by ended_at desc nulls first limit 1`,
      [id],
    );
    if (!rows[0]) throw new Error('no call of the callback');
    return rows[0];
  }

  /** The agent takes the call of the callback and enters the room, in one step. Resolves to the call's id. */
  async answered(id: string, agent: TestAgent): Promise<string> {
    const { id: callId } = await this.callOf(id);
    const { id: legId } = await this.offerOf(callId);
    const { id: agentId, tab: connectionId } = agent;
    await acceptOffer(this.db, { legId, agentId, connectionId, firstSignal: '{"sdp":"x"}' });
    return callId;
  }
}
