import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { JWK } from 'jose';
import type {
  MadeSharedLink,
  SharedLinkList,
  SharedThing,
} from '../../../src/protocol/rest/shared-links.ts';
import { verifyCaseFile } from '../../../src/server/case-files/verify-case-file.ts';
import { RecordingFolder } from '../../../src/server/recordings/recording-folder.ts';
import { BLOCK_BYTES } from '../../../src/server/recordings/sealed-file.ts';
import { sweepSecrets } from '../../../src/server/sweeps/sweep-secrets.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { RecordingCloud } from '../../support/recording-cloud.ts';
import {
  endRecordedCall,
  writeRecordedCall,
  writeRecordingFile,
  type RecordedCall,
} from '../../support/recorded-call.ts';
import { writeApiKey, writeConsoleSite, type ConsoleSite } from './console-fixture.ts';
import { HttpFixture, key } from './http-fixture.ts';
import { RestClient } from './rest-client.ts';

describe('links to recordings and case files', () => {
  onBothDatabases((test) => {
    let path: string;
    let folder: RecordingFolder;
    let cloud: RecordingCloud;
    let http: HttpFixture;
    let rest: RestClient;
    let acme: ConsoleSite;
    let call: RecordedCall;
    /** Of the rate limits. */
    let now = 0;
    const video = randomBytes(2 * BLOCK_BYTES + 5);

    before(async () => {
      path = await mkdtemp(join(tmpdir(), 'rtc-desk-links-'));
      folder = new RecordingFolder(join(path, 'recordings'));
      cloud = await RecordingCloud.open();
      http = await HttpFixture.open(test.db, {
        recordingFolder: folder,
        publicUrl: 'https://desk.example.com/',
        cloudFiles: cloud.files(),
        clock: () => now,
      });
      rest = new RestClient(http.url);
    });
    after(async () => {
      await http?.close();
      await cloud?.close();
      await rm(path, { recursive: true, force: true });
    });
    beforeEach(async () => {
      now += 60_000;
      cloud.reset();
      acme = await writeConsoleSite(test.db, 'acme');
      call = await writeRecordedCall(test.db, { site: 'acme', agent: acme.agents.agent });
      await endRecordedCall(test.db, call);
      await writeRecordingFile(test.db, folder, key, call, video);
    });

    const addresses = () => ({
      recording: `/recordings/${call.recording}/links`,
      'case-file': `/calls/${call.call}/case-file/links`,
    });
    async function make(what: 'recording' | 'case-file' = 'recording', expiresInSeconds = 600) {
      const response = await rest.send(acme.tokens.owner, 'POST', addresses()[what], {
        expiresInSeconds,
      });
      assert.equal(response.status, 201);
      const made = (await response.json()) as MadeSharedLink;
      return { made, code: new URL(made.url).hash.slice(1) };
    }
    const open = (code: string) => rest.send(code, 'GET', '/shared');
    const thingOf = async (code: string) => (await (await open(code)).json()) as SharedThing;
    const load = (fileCode: string, query = '', headers: Record<string, string> = {}) =>
      fetch(`${http.url}/api/v1/shared/file?code=${fileCode}${query}`, { headers });
    const statusOf = async (response: Promise<Response>) => {
      const { status } = await response.then(async (answer) => {
        await answer.arrayBuffer();
        return answer;
      });
      return status;
    };
    const audit = async () =>
      (
        await test.db.query<{ type: string; actor: string; subject: string; after: object }>(
          `select type, actor, subject, after from audit where site_id = 'acme' order by sequence`,
          [],
        )
      ).rows;

    it('play a recording and any range of it without an account, and tell of each use', async () => {
      const { made, code } = await make();
      assert.equal(made.url, `https://desk.example.com/shared#${code}`);
      assert.ok(Math.abs(made.expiresAt - Date.now() - 600_000) < 60_000);
      const answer = await open(code);
      assert.deepEqual(
        ['referrer-policy', 'cache-control'].map((name) => answer.headers.get(name)),
        ['no-referrer', 'no-store'],
      );
      const thing = (await answer.json()) as SharedThing;
      assert.deepEqual(
        [thing.what, thing.siteName, thing.parts],
        [
          'recording',
          'Site acme',
          [{ part: 1, mime: 'video/webm', bytes: video.length, seconds: 61 }],
        ],
      );
      const range = await load(thing.fileCode, '', { range: 'bytes=10-19' });
      assert.equal(range.status, 206);
      assert.equal(range.headers.get('referrer-policy'), 'no-referrer');
      assert.ok(Buffer.from(await range.arrayBuffer()).equals(video.subarray(10, 20)));
      const whole = await load(thing.fileCode, '&download=true');
      assert.match(whole.headers.get('content-disposition') ?? '', /^attachment/);
      assert.ok(Buffer.from(await whole.arrayBuffer()).equals(video));
      await statusOf(load(thing.fileCode, '', { range: 'bytes=20-29' }));
      assert.equal(await statusOf(load(thing.fileCode, '&part=2')), 404);
      const subject = `recording:${call.recording}`;
      const use = { type: 'recording-read', actor: 'unknown', subject };
      assert.deepEqual(await audit(), [
        {
          ...{ type: 'link-made', actor: 'agent', subject },
          after: { link: made.id, expiresInSeconds: 600 },
        },
        { ...use, after: { link: made.id, part: 1, download: false } },
        { ...use, after: { link: made.id, part: 1, download: true } },
      ]);
    });

    it('play what TRTC’s cloud has stored: from a bucket through the server, and at VOD there', async () => {
      const { bucket } = cloud;
      const bytes = randomBytes(2 * 1024 * 1024 + 7);
      bucket.objects.set('calls/bank/1/film.mp4', bytes);
      const cos = { kind: 'cos', bucket: bucket.name, region: bucket.region, prefix: ['calls'] };
      const vod = { kind: 'vod', application: null };
      const films = [
        { storage: cos, name: 'calls/bank/1/film.mp4', url: null, size: bytes.length },
        { storage: vod, name: '38704', url: 'https://vod.example.com/38704.mp4', size: null },
      ];
      for (const [index, { storage, name, url, size }] of films.entries()) {
        await test.db.query(
          `with task as (
             insert into cloud_recordings (recording_id, room, wanted, state, task, storage)
             values ($1, 1, false, 'finished', $2, $3) returning id)
           insert into cloud_recording_files (cloud_recording_id, name, url, bytes, started_at, duration_ms)
           select id, $2, $4, $5, now() + make_interval(secs => $6), 8000 from task`,
          [call.recording, name, JSON.stringify(storage), url, size, index],
        );
      }
      const { code } = await make();
      const { parts, fileCode } = await thingOf(code);
      assert.deepEqual(
        parts.map(({ part, cloud: place }) => [part, place]),
        [
          [1, undefined],
          [2, 'cos'],
          [3, 'vod'],
        ],
      );
      const whole = await load(fileCode, '&part=2');
      assert.deepEqual(Buffer.from(await whole.arrayBuffer()), bytes);
      const range = await load(fileCode, '&part=2', { range: 'bytes=1048570-1048590' });
      assert.equal(range.status, 206);
      const expected = bytes.subarray(1_048_570, 1_048_591);
      assert.deepEqual(Buffer.from(await range.arrayBuffer()), expected);
      const elsewhere = await fetch(`${http.url}/api/v1/shared/file?code=${fileCode}&part=3`, {
        redirect: 'manual',
      });
      assert.equal(elsewhere.status, 302);
      assert.equal(elsewhere.headers.get('location'), 'https://vod.example.com/38704.mp4');
      // By their own routes the same files are for who may play recordings, and for nobody of another site.
      const file = `/recordings/${call.recording}/file?part=2`;
      assert.equal((await rest.send(acme.tokens.owner, 'GET', file)).status, 200);
      const other = await writeConsoleSite(test.db, 'other');
      assert.equal((await rest.send(other.tokens.owner, 'GET', file)).status, 404);
      bucket.answer = () => 503;
      const away = await load(fileCode, '&part=2');
      assert.deepEqual([away.status, away.headers.has('retry-after')], [503, true]);
      assert.equal(bucket.refused, 0);
    });

    it('save the case file of a call, which is found whole', async () => {
      const { made, code } = await make('case-file');
      const { what, parts, fileCode } = await thingOf(code);
      assert.deepEqual([what, parts], ['case-file', []]);
      const file = join(path, 'case.zip');
      await writeFile(file, Buffer.from(await (await load(fileCode)).arrayBuffer()));
      const { keys } = (await (await http.get('/api/v1/signing-keys')).json()) as { keys: JWK[] };
      const { problems, manifest } = await verifyCaseFile(file, keys);
      assert.deepEqual([problems, manifest?.madeBy], [[], 'link of owner owner']);
      const [, use] = await audit();
      assert.deepEqual(use, {
        ...{ type: 'record-read', actor: 'unknown', subject: `call:${call.call}` },
        after: { link: made.id, caseFile: true },
      });
    });

    it('open nothing once they have expired, also for who has the code of a file', async () => {
      const { made, code } = await make();
      const { fileCode } = await thingOf(code);
      await test.db.query(
        `update shared_links set expires_at = now() - interval '1 second' where id = $1`,
        [made.id],
      );
      assert.equal(await statusOf(open(code)), 404);
      assert.equal(await statusOf(load(fileCode)), 404);
      await sweepSecrets(test.db);
      const { rows } = await test.db.query('select from shared_links', []);
      assert.equal(rows.length, 0);
    });

    it('can be listed and revoked', async () => {
      const { made, code } = await make();
      const other = await make('case-file');
      const list = () => rest.read<SharedLinkList>(acme.tokens.admin, `/calls/${call.call}/links`);
      assert.deepEqual(
        (await list()).links.map(({ id, what, madeBy }) => [id, what, madeBy]),
        [
          [made.id, 'recording', 'owner owner'],
          [other.made.id, 'case-file', 'owner owner'],
        ],
      );
      assert.ok(!JSON.stringify(await list()).includes(code));
      const { fileCode } = await thingOf(code);
      const revoke = () => rest.send(acme.tokens.admin, 'DELETE', `/shared-links/${made.id}`);
      assert.equal((await revoke()).status, 204);
      assert.equal((await revoke()).status, 404);
      assert.equal(await statusOf(open(code)), 404);
      assert.equal(await statusOf(load(fileCode)), 404);
      assert.equal(await statusOf(open(other.code)), 200);
      assert.equal((await audit()).at(-1)?.type, 'link-revoked');
    });

    it('end with their recording, their call, and the account of who made them', async () => {
      const recording = await make();
      const caseFile = await make('case-file');
      const { fileCode } = await thingOf(recording.code);
      await test.db.query('update agents set disabled_at = now() where id = $1', [
        acme.agents.owner,
      ]);
      for (const { code } of [recording, caseFile]) assert.equal(await statusOf(open(code)), 404);
      assert.equal(await statusOf(load(fileCode)), 404);
      await test.db.query('update agents set disabled_at = null where id = $1', [
        acme.agents.owner,
      ]);
      assert.equal(await statusOf(open(recording.code)), 200);
      await test.db.query('delete from recordings where id = $1', [call.recording]);
      assert.equal(await statusOf(open(recording.code)), 404);
      assert.equal(await statusOf(open(caseFile.code)), 200);
    });

    it('are no key to anything else, and nothing else is a key to them', async () => {
      const { code } = await make();
      const second = await make('case-file');
      const { fileCode } = await thingOf(code);
      assert.equal(await statusOf(load(code)), 404);
      assert.equal(await statusOf(open(fileCode)), 404);
      assert.equal(await statusOf(open('x'.repeat(43))), 404);
      assert.equal(await statusOf(fetch(`${http.url}/api/v1/shared`)), 401);
      const changed = `${fileCode.slice(0, -2)}${fileCode.endsWith('AA') ? 'BB' : 'AA'}`;
      assert.equal(await statusOf(load(changed)), 404);
      for (const route of [
        `/recordings/${call.recording}/file`,
        `/calls/${call.call}`,
        `/calls/${call.call}/case-file`,
      ]) {
        assert.equal(await statusOf(rest.send(second.code, 'GET', route)), 401, route);
      }
    });

    it('are made by who may save recordings, of what can be shared, for a minute to 30 days', async () => {
      const { agent, supervisor, admin } = acme.tokens;
      const foreign = (await writeConsoleSite(test.db, 'other')).tokens.owner;
      const onlyRecordings = await writeApiKey(test.db, 'acme', ['recordings:read']);
      const ask = (token: string, address: string, expiresInSeconds: unknown = 600) =>
        statusOf(rest.send(token, 'POST', address, { expiresInSeconds } as object));
      for (const address of Object.values(addresses())) {
        for (const token of [agent, supervisor]) assert.equal(await ask(token, address), 403);
        assert.equal(await ask(foreign, address), 404);
        assert.equal(await ask(admin, address), 201);
        for (const wrong of [59, 30 * 86_400 + 1, 1.5, null]) {
          assert.equal(await ask(admin, address, wrong), 400, String(wrong));
        }
      }
      assert.equal(await ask(onlyRecordings, addresses().recording), 201);
      assert.equal(await ask(onlyRecordings, addresses()['case-file']), 403);
      const live = await writeRecordedCall(test.db, { site: 'acme', agent: acme.agents.agent });
      assert.equal(await ask(admin, `/calls/${live.call}/case-file/links`), 404);
      assert.equal(await ask(admin, `/recordings/${live.recording}/links`), 404);
    });

    it('have a page of their own, and a limit for who guesses codes', async () => {
      const page = await http.get('/shared');
      assert.match(await page.text(), /<title>Shared/);
      assert.match(page.headers.get('content-security-policy') ?? '', /media-src 'self'/);
      const statuses: number[] = [];
      for (let guess = 0; guess < 25; guess += 1) statuses.push(await statusOf(open('x')));
      assert.ok(statuses.includes(429));
    });
  });
});
