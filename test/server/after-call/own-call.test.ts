import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { OwnCall, OwnConversation } from '../../../src/protocol/rest/own-call.ts';
import type { RatingReport } from '../../../src/protocol/rest/rating-report.ts';
import type { CallPage, CallRecord } from '../../../src/protocol/rest/calls.ts';
import { ownCallCode } from '../../../src/server/after-call/own-call-code.ts';
import { resumeHash } from '../../../src/server/calls/resume-call.ts';
import { appendMessage } from '../../../src/server/chat/append-message.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { CallWorld, type TestAgent } from '../calls/call-world.ts';
import { HttpFixture, key as serverKey, signForSite } from '../http/http-fixture.ts';
import { RestClient } from '../http/rest-client.ts';
import { pastCall, talk } from '../retention/past-calls.ts';

const STARS = {
  kind: 'stars',
  reasons: [
    { id: 'friendly', label: { en: 'Friendly' } },
    { id: 'wait', label: { en: 'Long wait', 'zh-CN': '等待太久' } },
  ],
  text: true,
};

describe('the visitor’s own call', () => {
  onBothDatabases((test) => {
    let http: HttpFixture;
    let rest: RestClient;
    let world: CallWorld;
    let ann: TestAgent;
    /** The key of the call: the resume token. */
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
      await test.db.query('update sites set rating = $1', [JSON.stringify(STARS)]);
      key = randomBytes(32).toString('base64url');
      ({ callId } = await pastCall(world, ann, { resumeHash: resumeHash(key) }));
    });

    const status = async (token: string, method: string, path: string, body?: object) =>
      (await rest.send(token, method, path, body)).status;
    const rate = (body: object, token = key) => rest.send(token, 'PUT', '/own-call/rating', body);
    const read = (token = key) => rest.read<OwnCall>(token, '/own-call');
    const backend = () => signForSite('shop');

    it('is opened by its key, and then by the code of its page', async () => {
      const call = await read();
      assert.equal(call.id, callId);
      assert.equal(call.agentName, 'ann');
      assert.equal(call.messages, 2);
      const again = await read(call.link!.code);
      assert.equal(again.id, callId);
      assert.equal(again.rating, null, 'the code of the page rates nothing');
    });

    it('is opened by nothing else', async () => {
      const other = await world.visitor();
      const expired = ownCallCode(serverKey, 'own-call', callId, Date.now() - 1_000);
      const forFile = ownCallCode(serverKey, 'own-call-file', callId, Date.now() + 60_000);
      const foreign = ownCallCode(new Uint8Array(32), 'own-call', callId, Date.now() + 60_000);
      const paths = [
        ['GET', ''],
        ['DELETE', ''],
        ['PUT', '/rating'],
        ['GET', '/conversation'],
      ] as const;
      for (const token of [randomBytes(32).toString('base64url'), expired, forFile, foreign]) {
        for (const [method, path] of paths) {
          const body = method === 'PUT' ? { value: 5 } : undefined;
          assert.equal(
            await status(token, method, `/own-call${path}`, body),
            401,
            `${method} ${path}`,
          );
        }
      }
      const { link } = await read();
      assert.equal(await status(link!.code, 'PUT', '/own-call/rating', { value: 1 }), 403);
      assert.equal(await status(link!.code, 'DELETE', '/own-call'), 403);
      assert.equal((await world.call(other.callId)).state, 'queued');
      await test.db.query('update calls set resume_hash = null where id = $1', [callId]);
      assert.equal(await status(key, 'GET', '/own-call'), 401, 'the key is wiped');
      assert.equal(await status(link!.code, 'GET', '/own-call'), 200);
    });

    it('is rated once, and the rating can be changed for some minutes', async () => {
      assert.equal((await rate({ value: 2, reasons: ['wait'], text: 'Slow <b>' })).status, 200);
      assert.equal((await rate({ value: 4, reasons: ['friendly'] })).status, 200);
      assert.deepEqual((await read()).rating?.given, { value: 4, reasons: ['friendly'], text: '' });
      await test.db.query(`update call_ratings set rated_at = rated_at - interval '6 minutes'`);
      const late = await rate({ value: 1 });
      assert.equal(late.status, 409);
      assert.equal((await read()).rating?.given?.value, 4);
      const record = await rest.read<CallRecord>(await backend(), `/calls/${callId}`);
      assert.equal(record.rating?.value, 4);
      assert.deepEqual(record.rating?.reasons, [STARS.reasons[0]]);
    });

    it('takes only what the site asks for', async () => {
      for (const body of [
        { value: 0 },
        { value: 6 },
        { value: 2.5 },
        {},
        { value: 3, reasons: ['unknown'] },
        { value: 3, text: 'x'.repeat(1_001) },
        { value: 3, text: 'a\u0007b' },
        { value: 3, more: true },
      ]) {
        assert.equal((await rate(body)).status, 400, JSON.stringify(body));
      }
      await test.db.query('update sites set rating = $1', [
        JSON.stringify({ kind: 'yes-no', reasons: [], text: false }),
      ]);
      assert.equal((await rate({ value: 3 })).status, 400);
      assert.equal((await rate({ value: 5, text: 'Thanks' })).status, 400);
      assert.equal((await rate({ value: 5 })).status, 200);
      await test.db.query(
        `update sites set rating = '{"kind": "none", "reasons": [], "text": false}'`,
      );
      assert.equal((await rate({ value: 5 })).status, 400);
      assert.equal((await read()).rating, null);
    });

    it('cannot be rated before it is over, nor if nobody answered', async () => {
      const tokens = [0, 1].map(() => randomBytes(32).toString('base64url'));
      await talk(world, ann, { resumeHash: resumeHash(tokens[0]!) });
      await world.visitor({ resumeHash: resumeHash(tokens[1]!) });
      for (const token of tokens) {
        assert.equal((await rate({ value: 5 }, token)).status, 409);
        assert.equal((await read(token)).rating, null);
      }
    });

    it('is filtered by its rating, and told to the site’s webhook each time', async () => {
      await test.db.query(
        `insert into webhook_endpoints (site_id, url) values ('shop', 'https://hooks.example.com')`,
      );
      const found = async (query: string) =>
        (await rest.read<CallPage>(await backend(), `/calls?rating=${query}`)).calls.length;
      assert.deepEqual([await found('any'), await found('none')], [0, 1]);
      await rate({ value: 2 });
      await rate({ value: 4, text: 'Good' });
      assert.deepEqual(
        [await found('any'), await found('none'), await found('4'), await found('2')],
        [1, 0, 1, 0],
      );
      const { rows } = await test.db.query<{ data: object }>(
        `select data from webhook_events where type = 'call.rated' order by id`,
      );
      assert.deepEqual(
        rows.map(({ data }) => data),
        [
          { kind: 'stars', value: 2, reasons: [], text: '', changed: false },
          { kind: 'stars', value: 4, reasons: [], text: 'Good', changed: true },
        ],
      );
    });

    it('counts in the reports of its group, agent and day, also after it is deleted', async () => {
      await rate({ value: 2 });
      await rate({ value: 5 });
      const report = async (by: string, more = '') =>
        rest.read<RatingReport>(
          await backend(),
          `/reports/ratings?from=2020-01-01&to=2040-01-01&by=${by}${more}`,
        );
      const expected = { ratings: 1, average: 5 };
      assert.deepEqual((await report('group')).rows, [
        { key: 'sales', name: 'Sales', ...expected },
      ]);
      assert.deepEqual((await report('agent')).rows, [{ key: ann.id, name: 'ann', ...expected }]);
      assert.deepEqual((await report('day', '&group=service')).rows, []);
      await test.db.transaction(async (tx) => {
        await tx.query(`set local rtc_desk.retention = 'on'`);
        await tx.query('delete from calls where id = $1', [callId]);
      });
      const { rowCount } = await test.db.query('select from call_ratings');
      assert.equal(rowCount, 0);
      assert.deepEqual((await report('day')).total, expected);
      assert.equal(
        await status(
          await backend(),
          'GET',
          '/reports/ratings?from=2025-02-30&to=2025-03-01&by=day',
        ),
        400,
      );
    });

    it('has its conversation as one file, escaped, with the pictures inside', async () => {
      const late = randomBytes(32).toString('base64url');
      const { room } = await talk(world, ann, { resumeHash: resumeHash(late) });
      const participant = await world.visitorParticipant(room);
      const text = '<script>alert(1)</script> & "more"';
      await appendMessage(test.db, { room, participant, id: randomUUID(), text });
      const { messages, fileCode } = await rest.read<OwnConversation>(
        late,
        '/own-call/conversation',
      );
      assert.equal(messages.length, 3);
      const file = await http.get(`/api/v1/own-call/conversation/file?code=${fileCode}`);
      assert.equal(file.status, 200);
      assert.match(file.headers.get('content-disposition') ?? '', /^attachment; filename=/);
      const page = await file.text();
      assert.ok(page.includes('&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;more&quot;'));
      assert.ok(!page.includes('<script'));
      assert.match(page, /<img src="data:image\/webp;base64,[A-Za-z0-9+/=]{100,}"/);
      const picture = messages.find(({ image }) => image)!.image!.id;
      const shown = await http.get(`/api/v1/own-call/pictures/${picture}?code=${fileCode}`);
      assert.equal(shown.headers.get('content-type'), 'image/webp');
      const mine = (await rest.read<OwnConversation>(key, '/own-call/conversation')).fileCode;
      const other = await http.get(`/api/v1/own-call/pictures/${picture}?code=${mine}`);
      assert.equal(other.status, 404, 'a picture of another call');
      const { link } = await read();
      for (const code of [link!.code, key, ownCallCode(serverKey, 'own-call-file', callId, 0)]) {
        assert.equal(
          (await http.get(`/api/v1/own-call/conversation/file?code=${code}`)).status,
          401,
        );
      }
    });
  });
});
