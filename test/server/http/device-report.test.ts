import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { DeviceReport } from '../../../src/protocol/device-report.ts';
import type { CallRecord } from '../../../src/protocol/rest/calls.ts';
import type { OwnCall } from '../../../src/protocol/rest/own-call.ts';
import type { DeviceTestCode } from '../../../src/protocol/rest/device-test.ts';
import { LEGS, type LegRow } from '../../../src/server/agents/agent-legs.ts';
import { ownCallCode } from '../../../src/server/after-call/own-call-code.ts';
import { endCall } from '../../../src/server/calls/end-call.ts';
import { resumeHash } from '../../../src/server/calls/resume-call.ts';
import { countRows } from '../../../src/server/retention/subject-calls.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { CallWorld, type TestAgent } from '../calls/call-world.ts';
import { openSession, writeAgent } from './console-fixture.ts';
import { HttpFixture, key as serverKey } from './http-fixture.ts';
import { RestClient } from './rest-client.ts';

const REPORT: DeviceReport = {
  version: 1,
  at: 1_000,
  agent: 'Browser 1',
  checks: [
    { id: 'camera', status: 'failed', code: 'camera-black', data: { width: 640, label: 'Cam' } },
    { id: 'microphone', status: 'passed', code: null, data: {} },
    { id: 'turn-tls', status: 'skipped', code: 'no-turn', data: {} },
  ],
};

describe('the report of a device test', () => {
  onBothDatabases((test) => {
    let http: HttpFixture;
    let rest: RestClient;
    let world: CallWorld;
    let ann: TestAgent;
    let key: string;
    let callId: string;

    before(async () => {
      http = await HttpFixture.open(test.db);
      rest = new RestClient(http.url);
    });
    after(() => http?.close());
    beforeEach(async () => {
      world = await CallWorld.make(test.db, randomUUID());
      ann = await world.agent('ann');
      key = randomBytes(32).toString('base64url');
      ({ callId } = await world.visitor({ resumeHash: resumeHash(key) }));
    });
    const codeOf = async (token = key) => {
      const answer = await rest.send(token, 'POST', '/own-call/device-test');
      return { status: answer.status, ...((await answer.json()) as DeviceTestCode) };
    };
    const send = async (code: string, report: object = REPORT) =>
      (await rest.send(code, 'PUT', '/device-report', report)).status;
    const seen = async () => {
      const { rows } = await test.db.query<{ legs: LegRow[] }>(
        `select (${LEGS}) as legs from agents a where a.id = $1`,
        [ann.id],
      );
      return rows[0]?.legs[0]?.deviceReport;
    };

    it('comes with the call to the agent at whom it rings: what did not pass', async () => {
      const { code } = await codeOf();
      assert.equal(await send(code), 204);
      await world.offerOf(callId);
      const camera = { id: 'camera', status: 'failed', code: 'camera-black' };
      assert.deepEqual(await seen(), { at: 1_000, faults: [camera] });
      assert.equal(await send(code, { ...REPORT, at: 2_000, checks: [] }), 204);
      assert.deepEqual(await seen(), { at: 2_000, faults: [] });
    });

    it('stands whole in the record of the call, for those who may read the call', async () => {
      const { code } = await codeOf();
      assert.equal(await send(code), 204);
      const reader = await openSession(
        test.db,
        await writeAgent(test.db, 'shop', 'olivia', 'owner'),
      );
      const read = async () =>
        (await rest.read<CallRecord>(reader, `/calls/${callId}`)).deviceReport;
      assert.deepEqual((await read())?.report, REPORT);
      assert.ok(Math.abs((await read())!.sentAt - Date.now()) < 60_000);
      const stranger = await openSession(test.db, await writeAgent(test.db, 'shop', 'sam'));
      assert.equal((await rest.send(stranger, 'GET', `/calls/${callId}`)).status, 404);
      assert.equal((await rest.send(code, 'GET', `/calls/${callId}`)).status, 401);
      await endCall(test.db, { callId, by: { role: 'visitor' } });
      assert.equal((await countRows(test.db, [callId])).deviceReports, 1);
      assert.deepEqual((await read())?.report, REPORT);
    });

    it('is null in the record of a call without one', async () => {
      const reader = await openSession(
        test.db,
        await writeAgent(test.db, 'shop', 'olivia', 'owner'),
      );
      const record = await rest.read<CallRecord>(reader, `/calls/${callId}`);
      assert.equal(record.deviceReport, null);
    });

    it('is taken for the call of its code alone, while that lives', async () => {
      const { code } = await codeOf();
      const later = Date.now() + 60_000;
      for (const wrong of [
        key,
        randomBytes(32).toString('base64url'),
        ownCallCode(serverKey, 'own-call', callId, later),
        ownCallCode(serverKey, 'device-test', callId, Date.now() - 1_000),
        ownCallCode(new Uint8Array(32), 'device-test', callId, later),
      ]) {
        assert.equal(await send(wrong), 401);
      }
      // What the code of the test opens is the report, and nothing else of the call.
      assert.equal((await rest.send(code, 'GET', '/own-call')).status, 401);
      assert.equal((await codeOf(code)).status, 401);
      await endCall(test.db, { callId, by: { role: 'visitor' } });
      assert.equal(await send(code), 409);
      const { rows } = await test.db.query('select call_id from call_device_reports');
      assert.deepEqual(rows, []);
    });

    it('has a code only for the key of the call', async () => {
      await world.connected(
        { callId, connection: await world.visitorSocket(callId), resumeHash: resumeHash(key) },
        ann,
      );
      const { link } = await rest.read<OwnCall>(key, '/own-call');
      assert.equal((await codeOf(link!.code)).status, 403);
    });

    it('is refused if it is something else', async () => {
      const { code } = await codeOf();
      const [first] = REPORT.checks;
      for (const wrong of [
        {},
        { ...REPORT, version: 2 },
        { ...REPORT, more: true },
        { ...REPORT, agent: 'x'.repeat(501) },
        { ...REPORT, agent: 'a\u0000b' },
        { ...REPORT, checks: [{ ...first, id: 'other' }] },
        { ...REPORT, checks: [{ ...first, code: '<script>' }] },
        { ...REPORT, checks: [{ ...first, data: { label: { deep: true } } }] },
        { ...REPORT, checks: [{ ...first, data: { label: '\ud800' } }] },
        { ...REPORT, checks: Array.from({ length: 10 }, () => first) },
      ]) {
        assert.equal(await send(code, wrong), 400, JSON.stringify(wrong));
      }
    });
  });
});
