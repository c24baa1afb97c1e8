import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { after, before, beforeEach, describe, it } from 'node:test';
import { pino } from 'pino';
import type { OwnCall, OwnCallLedger, OwnErasure } from '../../../src/protocol/rest/own-call.ts';
import type { ErasureList } from '../../../src/protocol/rest/erasures.ts';
import { ownCallCode } from '../../../src/server/after-call/own-call-code.ts';
import { rateCall } from '../../../src/server/after-call/rate-call.ts';
import { resumeHash } from '../../../src/server/calls/resume-call.ts';
import { carryOutErasures } from '../../../src/server/retention/carry-out-erasures.ts';
import { readSite } from '../../../src/server/sites/read-site.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { CallWorld, type TestAgent } from '../calls/call-world.ts';
import { HttpFixture, key as serverKey, signForSite } from '../http/http-fixture.ts';
import { RestClient } from '../http/rest-client.ts';
import { pastCall, talk } from '../retention/past-calls.ts';

const DAY_MS = 24 * 3_600_000;
const silent = pino({ level: 'silent' });

describe('the privacy ledger of a visitor’s own call', () => {
  onBothDatabases((test) => {
    let http: HttpFixture;
    let rest: RestClient;
    let world: CallWorld;
    let ann: TestAgent;
    let key: string;
    let callId: string;
    let room: number;

    before(async () => {
      http = await HttpFixture.open(test.db);
      rest = new RestClient(http.url);
    });
    after(() => http?.close());
    beforeEach(async () => {
      world = await CallWorld.make(test.db, randomUUID());
      ann = await world.agent('ann');
      await test.db.query(
        `update sites set consent = '{"text": {"en": "We talk by video."}, "link": "https://shop.test/privacy"}',
                rating = '{"kind": "stars", "reasons": [], "text": false}'`,
      );
      const { version } = (await readSite(test.db, 'shop')).consent!;
      key = randomBytes(32).toString('base64url');
      const request = { resumeHash: resumeHash(key), consent: { version, agreed: true } };
      ({ callId, room } = await pastCall(world, ann, request));
    });
    const ledger = (token = key) => rest.read<OwnCallLedger>(token, '/own-call/ledger');
    const send = (token: string, method: string, path: string) => rest.send(token, method, path);
    const backend = () => signForSite('shop');
    const carryOut = async () => {
      while (await carryOutErasures(test.db, silent));
    };

    it('says who was there, and hides whoever listened unseen', async () => {
      await test.db.query(
        `insert into participants (id, room, role, leg_id, name, hidden, entered_at, left_at)
         select 'unseen', $1, 'agent', l.id, 'Supervisor Sue', true, now(), now() from legs l where l.call_id = $2`,
        [room, callId],
      );
      const { people } = await ledger();
      assert.deepEqual(
        people.map(({ role, name }) => [role, name]),
        [
          ['agent', 'ann'],
          ['visitor', 'Mei'],
        ],
      );
      for (const { enteredAt, leftAt } of people) assert.ok(enteredAt <= leftAt!);
    });

    it('says what was agreed, what was recorded, and when all of it is deleted', async () => {
      const before = await ledger();
      assert.deepEqual(before.recordings, []);
      assert.equal(before.captions, 1);
      assert.equal(before.consent?.agreed, true);
      assert.deepEqual(before.consent.text, { en: 'We talk by video.' });
      assert.equal(before.consent.link, 'https://shop.test/privacy');
      const { rows } = await test.db.query<{ ended: number }>(
        'select floor(extract(epoch from ended_at) * 1000)::float8 as ended from calls where id = $1',
        [callId],
      );
      const { ended } = rows[0]!;
      const days = (at: number) => Math.round((at - ended) / DAY_MS);
      const { deletion } = before;
      assert.deepEqual(
        [days(deletion!.pictures), days(deletion!.conversation), days(deletion!.call)],
        [90, 365, 730],
      );
      await test.db.query('update sites set call_days = 30');
      assert.equal(days((await ledger()).deletion!.pictures), 30, 'they go with the call');
    });

    it('says who has looked at the call since its end, by role and shown name', async () => {
      assert.deepEqual((await ledger()).readings, []);
      await rest.read(await backend(), `/calls/${callId}`);
      await rest.read(await backend(), `/calls/${callId}/transcript?format=json`);
      const { callId: other } = await pastCall(world, ann, {
        consent: { version: (await readSite(test.db, 'shop')).consent!.version, agreed: true },
      });
      await rest.read(await backend(), `/calls/${other}`);
      await test.db.query(
        `insert into audit (site_id, type, actor, agent_id, subject) values ('shop', 'record-read', 'agent', $1, $2)`,
        [ann.id, `call:${callId}`],
      );
      const { readings } = await ledger();
      assert.deepEqual(
        readings.map(({ what, role, name }) => [what, role, name]),
        [
          ['call', 'backend', null],
          ['conversation', 'backend', null],
          ['call', 'agent', 'ann'],
        ],
      );
      assert.ok(!JSON.stringify(readings).includes('127.0.0.1'));
    });

    it('is opened by the key and the code of the page, and by nothing else', async () => {
      const { link } = await rest.read<OwnCall>(key, '/own-call');
      await ledger(link!.code);
      const forFile = ownCallCode(serverKey, 'own-call-file', callId, Date.now() + 60_000);
      const expired = ownCallCode(serverKey, 'own-call', callId, Date.now() - 1_000);
      for (const token of [randomBytes(32).toString('base64url'), forFile, expired]) {
        for (const [method, path] of [
          ['GET', '/own-call/ledger'],
          ['GET', '/own-call/erasure'],
          ['POST', '/own-call/erasure'],
        ] as const) {
          assert.equal((await send(token, method, path)).status, 401, `${method} ${path}`);
        }
      }
      const { rows } = await test.db.query('select id from erasures');
      assert.deepEqual(rows, []);
    });

    it('lets the visitor have the call erased, with a certificate that outlives it', async () => {
      await rateCall(test.db, callId, { value: 4 });
      const { link } = await rest.read<OwnCall>(key, '/own-call');
      const { code } = link!;
      assert.equal((await send(code, 'GET', '/own-call/erasure')).status, 404);
      const ordered = await send(code, 'POST', '/own-call/erasure');
      assert.equal(ordered.status, 202);
      const again = await send(code, 'POST', '/own-call/erasure');
      const idOf = async (response: Response) => ((await response.json()) as OwnErasure).id;
      assert.equal(await idOf(again), await idOf(ordered));
      await carryOut();
      assert.equal((await send(code, 'GET', '/own-call')).status, 404);
      assert.equal((await send(code, 'GET', '/own-call/ledger')).status, 404);
      const { certificate, finishedAt } = await rest.read<OwnErasure>(code, '/own-call/erasure');
      assert.ok(finishedAt);
      const claims = JSON.parse(
        Buffer.from(certificate!.split('.')[1]!, 'base64url').toString(),
      ) as { deleted: Record<string, number>; requestedBy: string };
      assert.equal(claims.requestedBy, 'visitor');
      const { calls, ratings, consents } = claims.deleted;
      assert.deepEqual({ calls, ratings, consents }, { calls: 1, ratings: 1, consents: 1 });
      assert.equal((await send(code, 'POST', '/own-call/erasure')).status, 404);
    });

    it('shows the site who has ordered the erasure, and keeps no address of the visitor', async () => {
      await send(key, 'POST', '/own-call/erasure');
      const { rows } = await test.db.query(
        `select actor, address, subject like 'erasure:%' as names from audit where type = 'erasure-ordered'`,
      );
      assert.deepEqual(rows, [{ actor: 'visitor', address: null, names: true }]);
      const { erasures } = await rest.read<ErasureList>(await backend(), '/erasures');
      assert.deepEqual(
        erasures.map(({ kind, requestedBy, finishedAt }) => [kind, requestedBy, finishedAt]),
        [['call', 'visitor', null]],
      );
    });

    it('waits with the erasure of a call that goes on until it has ended', async () => {
      const live = randomBytes(32).toString('base64url');
      const { version } = (await readSite(test.db, 'shop')).consent!;
      await talk(world, ann, { resumeHash: resumeHash(live), consent: { version, agreed: true } });
      assert.equal((await ledger(live)).deletion, null);
      assert.equal((await send(live, 'POST', '/own-call/erasure')).status, 202);
      await carryOut();
      assert.equal((await send(live, 'GET', '/own-call')).status, 200);
    });
  });
});
