import assert from 'node:assert/strict';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { beforeEach, describe, it } from 'node:test';
import type { ConsentDecision } from '../../../src/protocol/client-messages.ts';
import type { FlowStep } from '../../../src/protocol/flow.ts';
import { readCallRecord } from '../../../src/server/calls/call-record.ts';
import { exportCsv } from '../../../src/server/calls/export-calls.ts';
import { answerFlow } from '../../../src/server/flows/answer-flow.ts';
import { beginFlow } from '../../../src/server/flows/begin-flow.ts';
import { readSite } from '../../../src/server/sites/read-site.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { withCode } from '../../support/error-code.ts';
import { CallWorld } from '../calls/call-world.ts';
import { assertSound } from '../calls/sound-state.ts';
import { flow } from '../flows/flow-fixture.ts';
import { publish } from '../flows/publish.ts';

const CONSENT = { text: { en: 'We talk by video.', 'zh-CN': '我们将视频通话。' }, link: null };
const SCOPE = { siteId: 'shop', groups: null, agentId: null };

const straight: Record<string, FlowStep> = {
  s: { type: 'start', next: { next: 'q' } },
  q: { type: 'queue', group: 'sales', next: { full: 'e', nobody: 'l', timeout: 'e' } },
  l: { type: 'leave-message', next: { done: 'e', skipped: 'e' } },
  e: { type: 'end' },
};
const withoutMessage: Record<string, FlowStep> = {
  s: { type: 'start', next: { next: 'q' } },
  q: { type: 'queue', group: 'sales', next: { full: 'e', nobody: 'e', timeout: 'e' } },
  e: { type: 'end' },
};

describe('consent', () => {
  onBothDatabases((test) => {
    let world: CallWorld;
    let version: string;
    beforeEach(async () => {
      world = await CallWorld.make(test.db, test.nodeId);
      version = await ask(CONSENT);
    });
    /** Sets what the site asks. Resolves to its version. */
    async function ask(consent: object): Promise<string> {
      await test.db.query('update sites set consent = $1', [JSON.stringify(consent)]);
      return (await readSite(test.db, 'shop')).consent?.version ?? '';
    }
    const agreed = (more: Partial<ConsentDecision> = {}): ConsentDecision => ({
      version,
      agreed: true,
      ...more,
    });
    const record = (callId: string) => readCallRecord(test.db, SCOPE, callId);
    const begin = async (id: string, consent?: ConsentDecision, externalId?: string) => {
      const connectionId = await world.visitorSocket();
      const resumeHash = randomBytes(32);
      const request = { siteId: 'shop', name: 'Mei', resumeHash, connectionId, flow: id };
      return beginFlow(test.db, { ...request, consent, externalId });
    };
    const rows = async () =>
      (await test.db.query<{ n: number }>('select count(*)::int as n from calls')).rows[0]?.n;

    it('has a version that changes with the text and with the link', async () => {
      assert.match(version, /^[0-9a-f]{64}$/);
      assert.equal(await ask({ link: CONSENT.link, text: CONSENT.text }), version);
      const others = [
        await ask({ ...CONSENT, text: { en: 'We talk.' } }),
        await ask({ ...CONSENT, link: 'https://shop.test/privacy' }),
      ];
      assert.equal(new Set([version, ...others]).size, 3);
    });

    it('is demanded before a call is made, and only if the call could be made', async () => {
      await assert.rejects(world.visitor(), withCode('consent-required'));
      const older = createHash('sha256').update('older').digest('hex');
      await assert.rejects(
        world.visitor({ consent: { version: older, agreed: true } }),
        withCode('consent-required'),
      );
      await assert.rejects(
        world.visitor({ consent: agreed({ agreed: false }) }),
        withCode('consent-refused'),
      );
      await test.db.query(`update sites set no_agent = 'refuse'`);
      await assert.rejects(world.visitor(), withCode('no-agent-online'));
      assert.equal(await rows(), 0);
      await test.db.query(`update sites set consent = null, no_agent = 'queue'`);
      const { callId } = await world.visitor({ consent: agreed({ agreed: false }) });
      assert.equal((await record(callId))?.consent, null);
    });

    it('is kept with the call: row, event, text, record and export', async () => {
      const { callId, resumeHash } = await world.visitor({ consent: agreed() });
      assert.deepEqual(await world.events(callId), ['created', 'consent-agreed', 'queued']);
      const call = await record(callId);
      assert.equal(call?.consent?.agreed, true);
      assert.equal(call.consent.remembered, false);
      assert.equal(call.consent.version, version);
      assert.equal(call.consent.at, call.requestedAt);
      await ask({ ...CONSENT, text: { en: 'Another text.' } });
      assert.deepEqual((await record(callId))?.consentText, CONSENT);
      let csv = '';
      for await (const piece of exportCsv(test.db, SCOPE, {}, 'en')) csv += piece;
      assert.match(csv, new RegExp(version));
      // The same request again finds the same call, and asks nothing.
      const again = await world.visitor({ resumeHash });
      assert.equal(again.callId, callId);
      await assertSound(test.db);
    });

    it('is remembered by the browser, and never dated into the future', async () => {
      const since = Date.UTC(2026, 0, 2);
      const first = await world.visitor({ consent: agreed({ since }) });
      const call = await record(first.callId);
      assert.deepEqual(call?.consent, { agreed: true, at: since, remembered: true, version });
      const later = await world.visitor({ consent: agreed({ since: 8.64e15 }) });
      const other = await record(later.callId);
      assert.equal(other?.consent?.at, other?.requestedAt);
    });

    it('is asked once of a visitor with a signed identity, wherever they are', async () => {
      const first = await world.visitor({ externalId: 'C-1', consent: agreed() });
      const second = await world.visitor({ externalId: 'C-1' });
      const [earlier, later] = [await record(first.callId), await record(second.callId)];
      assert.equal(later?.consent?.remembered, true);
      assert.equal(later?.consent?.at, earlier?.consent?.at);
      await assert.rejects(world.visitor({ externalId: 'C-2' }), withCode('consent-required'));
      await assert.rejects(world.visitor(), withCode('consent-required'));
      await publish(test.db, 'straight', flow(straight));
      await world.agent('Ann');
      await assert.rejects(begin('straight'), withCode('consent-required'));
      const third = await begin('straight', undefined, 'C-1');
      assert.equal((await record(third.callId))?.consent?.at, earlier?.consent?.at);
      await ask({ ...CONSENT, text: { en: 'Another text.' } });
      await assert.rejects(world.visitor({ externalId: 'C-1' }), withCode('consent-required'));
    });

    it('of another site counts nothing', async () => {
      await test.db.query(`insert into sites (id, name, consent) values ('other', 'Other', $1)`, [
        JSON.stringify(CONSENT),
      ]);
      await test.db.query(
        `insert into skill_groups (site_id, id, name) values ('other', 'sales', 'Sales')`,
      );
      await world.visitor({ externalId: 'C-1', consent: agreed() });
      const elsewhere = { siteId: 'other', externalId: 'C-1', connectionId: undefined };
      await assert.rejects(world.visitor(elsewhere), withCode('consent-required'));
    });

    it('leads a visitor who refuses past the queue of a flow to its message', async () => {
      await world.agent('Ann');
      await publish(test.db, 'straight', flow(straight));
      const { callId } = await begin('straight', agreed({ agreed: false }));
      const call = await record(callId);
      assert.equal(call?.state, 'choosing');
      assert.equal(call.consent?.agreed, false);
      assert.deepEqual(await world.events(callId), ['created', 'consent-refused', 'choosing']);
      const value = { contact: 'mei@example.com', text: 'Please write to me.' };
      await answerFlow(test.db, { callId, node: 'l', input: { kind: 'answer', value } });
      assert.equal((await record(callId))?.reason, 'message-left');
      assert.equal((await record((await begin('straight', agreed())).callId))?.state, 'queued');
      await assertSound(test.db);
    });

    it('ends the call of a visitor who refuses where the flow has nothing else', async () => {
      await world.agent('Ann');
      await publish(test.db, 'queue', flow(withoutMessage));
      const { callId } = await begin('queue', agreed({ agreed: false }));
      assert.equal((await record(callId))?.reason, 'consent-refused');
      await assertSound(test.db);
    });

    it('is decided for each of several requests that go together', async () => {
      const requests = [agreed(), undefined, agreed(), agreed({ agreed: false })];
      const outcomes = await Promise.allSettled(
        requests.map((consent) => world.visitor({ name: randomUUID(), consent })),
      );
      const made = outcomes.map(({ status }) => status === 'fulfilled');
      assert.deepEqual(made, [true, false, true, false]);
      const { rows: kept } = await test.db.query('select call_id from call_consents');
      assert.equal(kept.length, 2);
    });
  });
});
