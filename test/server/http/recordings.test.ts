import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { Recording, RecordingPage } from '../../../src/protocol/rest/recordings.ts';
import { RecordingFolder } from '../../../src/server/recordings/recording-folder.ts';
import { BLOCK_BYTES } from '../../../src/server/recordings/sealed-file.ts';
import { onBothDatabases } from '../../support/databases.ts';
import {
  endRecordedCall,
  writeRecordedCall,
  writeRecordingFile,
  type RecordedCall,
} from '../../support/recorded-call.ts';
import {
  openSession,
  writeAgent,
  writeApiKey,
  writeConsoleSite,
  type ConsoleSite,
} from './console-fixture.ts';
import { HttpFixture, key } from './http-fixture.ts';
import { RestClient } from './rest-client.ts';

describe('recordings over REST', () => {
  onBothDatabases((test) => {
    let path: string;
    let folder: RecordingFolder;
    let http: HttpFixture;
    let rest: RestClient;
    let acme: ConsoleSite;
    let call: RecordedCall;
    /** Some blocks and a bit. */
    const bytes = randomBytes(3 * BLOCK_BYTES + 1_234);

    before(async () => {
      path = await mkdtemp(join(tmpdir(), 'rtc-desk-recordings-'));
      folder = new RecordingFolder(path);
      http = await HttpFixture.open(test.db, { recordingFolder: folder });
      rest = new RestClient(http.url);
    });
    after(async () => {
      await http?.close();
      await rm(path, { recursive: true, force: true });
    });
    beforeEach(async () => {
      acme = await writeConsoleSite(test.db, 'acme');
      call = await ready('acme', acme.agents.agent);
    });

    /** A call of a site with a recording that can be played. */
    async function ready(site: string, agent: string): Promise<RecordedCall> {
      const made = await writeRecordedCall(test.db, { site, agent });
      await endRecordedCall(test.db, made);
      await writeRecordingFile(test.db, folder, key, made, bytes);
      return made;
    }
    const play = (token: string, headers: Record<string, string> = {}, query = '') =>
      rest.send(token, 'GET', `/recordings/${call.recording}/file${query}`, undefined, headers);
    const audit = async (type: string) => {
      const { rows } = await test.db.query<{ subject: string | null; agent_id: string | null }>(
        `select subject, agent_id from audit where type = $1 order by sequence`,
        [type],
      );
      return rows;
    };

    it('lists recordings with what they are of, page by page', async () => {
      const second = await ready('acme', acme.agents.agent);
      await test.db.query(`update recordings set started_at = now() where id = $1`, [
        second.recording,
      ]);
      const first = await rest.read<RecordingPage>(acme.tokens.owner, '/recordings?limit=1');
      const [row] = first.items;
      assert.deepEqual(
        [row?.id, row?.call, row?.visitor, row?.agent?.username, row?.skill.id, row?.state],
        [second.recording, second.call, 'Clara', 'agent', 'help', 'ready'],
      );
      assert.deepEqual(row?.files, [
        { part: 1, mime: 'video/webm', bytes: bytes.length, seconds: 61 },
      ]);
      const rest2 = await rest.read<RecordingPage>(
        acme.tokens.owner,
        `/recordings?limit=1&cursor=${first.cursor}`,
      );
      assert.deepEqual([rest2.items[0]?.id, rest2.cursor], [call.recording, null]);
      const count = async (query: string) =>
        (await rest.read<RecordingPage>(acme.tokens.owner, `/recordings?${query}`)).items.length;
      assert.equal(await count(`call=${call.call}`), 1);
      assert.equal(await count('visitor=lar'), 2);
      assert.equal(await count('visitor=nobody'), 0);
      assert.equal(await count('state=failed'), 0);
      assert.equal(await count('state=ready'), 2);
      assert.equal(await count(`agent=${acme.agents.agent}`), 2);
      assert.equal(await count(`agent=${acme.agents.owner}`), 0);
      assert.equal(await count('group=sales'), 0);
      assert.equal(await count(`from=${Date.now() - 30_000}`), 1);
      assert.equal(await count(`to=${Date.now() - 30_000}`), 1);
    });

    it('plays whole files and any range of them, decrypted', async () => {
      const whole = await play(acme.tokens.owner);
      assert.deepEqual(
        [whole.status, whole.headers.get('content-type'), whole.headers.get('accept-ranges')],
        [200, 'video/webm', 'bytes'],
      );
      assert.ok(Buffer.from(await whole.arrayBuffer()).equals(bytes));
      const size = bytes.length;
      const ranges: [string, number, number][] = [
        ['bytes=0-0', 0, 1],
        ['bytes=0-', 0, size],
        [`bytes=${BLOCK_BYTES - 1}-${BLOCK_BYTES}`, BLOCK_BYTES - 1, BLOCK_BYTES + 1],
        ['bytes=70000-199999', 70_000, Math.min(200_000, size)],
        ['bytes=-500', size - 500, size],
        [`bytes=${size - 1}-99999999`, size - 1, size],
      ];
      for (const [range, start, end] of ranges) {
        const part = await play(acme.tokens.owner, { range });
        assert.equal(part.status, 206, range);
        assert.equal(part.headers.get('content-range'), `bytes ${start}-${end - 1}/${size}`);
        assert.equal(part.headers.get('content-length'), String(end - start));
        assert.ok(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(start, end)), range);
      }
      const beyond = await play(acme.tokens.owner, { range: `bytes=${size}-` });
      assert.deepEqual(
        [beyond.status, beyond.headers.get('content-range')],
        [416, `bytes */${size}`],
      );
      await beyond.text();
      for (const range of ['bytes=5-2', 'lines=1-2', 'bytes=0-1,4-5']) {
        const answer = await play(acme.tokens.owner, { range });
        assert.equal(answer.status, 200, range);
        await answer.arrayBuffer();
      }
    });

    it('writes one row into the security log for each play, and one for the list', async () => {
      await play(acme.tokens.supervisor, { range: 'bytes=0-9' });
      await play(acme.tokens.supervisor, { range: 'bytes=100-200' });
      await play(acme.tokens.owner);
      await rest.read(acme.tokens.owner, '/recordings');
      const subject = `recording:${call.recording}`;
      assert.deepEqual(await audit('recording-read'), [
        { subject, agent_id: acme.agents.supervisor },
        { subject, agent_id: acme.agents.owner },
      ]);
      assert.equal((await audit('record-read')).length, 1);
    });

    it('lets agents play their own, supervisors those of their groups, and admins export', async () => {
      const colleague = await openSession(
        test.db,
        await writeAgent(test.db, 'acme', 'colleague', 'agent', ['help']),
      );
      const elsewhere = await openSession(
        test.db,
        await writeAgent(test.db, 'acme', 'elsewhere', 'supervisor', ['sales']),
      );
      const other = await writeConsoleSite(test.db, 'other');
      const reader = await writeApiKey(test.db, 'acme', ['recordings:read']);
      const { agent, supervisor, admin, owner } = acme.tokens;
      const status = async (token: string, query = '') => {
        const answer = await play(token, {}, query);
        await answer.arrayBuffer();
        return answer.status;
      };
      for (const token of [agent, supervisor, admin, owner, reader]) {
        assert.equal(await status(token), 200);
      }
      for (const token of [colleague, elsewhere, other.tokens.owner]) {
        assert.equal(await status(token), 404);
        const { items } = await rest.read<RecordingPage>(token, '/recordings');
        assert.deepEqual(items, []);
        const one = await rest.send(token, 'GET', `/recordings/${call.recording}`);
        assert.equal(one.status, 404);
      }
      const download = '?download=true';
      for (const token of [agent, supervisor]) assert.equal(await status(token, download), 403);
      for (const token of [admin, owner]) assert.equal(await status(token, download), 200);
      const saved = await play(owner, {}, download);
      assert.match(
        saved.headers.get('content-disposition') ?? '',
        /^attachment; filename=".*\.webm"$/,
      );
      await saved.arrayBuffer();
    });

    it('counts recordings that wait, and calls that should be recorded and are not', async () => {
      const live = await writeRecordedCall(test.db, {
        site: 'acme',
        agent: await writeAgent(test.db, 'acme', 'another', 'agent', ['help']),
      });
      const figures = async () => (await http.get('/metrics')).text();
      assert.match(await figures(), /rtc_desk_recordings\{state="recording"\} 1\n/);
      assert.match(await figures(), /rtc_desk_unrecorded_calls 0\n/);
      await test.db.query(
        `update recordings set state = 'failed', rule = jsonb_set(rule, '{mode}', '"always"') where id = $1`,
        [live.recording],
      );
      assert.match(await figures(), /rtc_desk_recordings\{state="failed"\} 1\n/);
      assert.match(await figures(), /rtc_desk_unrecorded_calls 1\n/);
      await endRecordedCall(test.db, live);
      assert.match(await figures(), /rtc_desk_recordings\{state="uploading"\} 1\n/);
      assert.match(await figures(), /rtc_desk_unrecorded_calls 0\n/);
    });

    it('does not play what was changed on the disk', async () => {
      const { rows } = await test.db.query<{ name: string }>('select name from recording_files');
      const file = folder.file(call.recording, rows[0]!.name);
      const sealed = await readFile(file);
      sealed[BLOCK_BYTES + 5_000]! ^= 1;
      await writeFile(file, sealed);
      await assert.rejects(async () => {
        const answer = await play(acme.tokens.owner);
        await answer.arrayBuffer();
      });
      const intact = await play(acme.tokens.owner, { range: 'bytes=0-99' });
      assert.ok(Buffer.from(await intact.arrayBuffer()).equals(bytes.subarray(0, 100)));
    });

    it('keeps a call with a legal hold from retention and erasure, and says so', async () => {
      const { owner } = acme.tokens;
      const address = `/calls/${call.call}/legal-hold`;
      assert.equal((await rest.send(owner, 'PUT', address, { reason: 'A dispute' })).status, 204);
      const { hold } = await rest.read<Recording>(owner, `/recordings/${call.recording}`);
      assert.equal(hold, true);
      const held = await rest.read<{ legalHold: { reason: string; by: string } | null }>(
        owner,
        `/calls/${call.call}`,
      );
      assert.deepEqual([held.legalHold?.reason, held.legalHold?.by], ['A dispute', 'owner owner']);
      const dryRun = await rest.send(owner, 'POST', '/erasures', { call: call.call, dryRun: true });
      const counts = (await dryRun.json()) as { deleted?: unknown } & Record<string, unknown>;
      assert.equal(JSON.stringify(counts).includes('"heldCalls":1'), true);
      assert.equal((await rest.send(owner, 'DELETE', address)).status, 204);
      assert.equal(
        (await rest.read<Recording>(owner, `/recordings/${call.recording}`)).hold,
        false,
      );
      assert.equal((await audit('legal-hold-set')).length, 1);
      assert.equal((await audit('legal-hold-lifted')).length, 1);
      assert.equal(
        (await rest.send(acme.tokens.admin, 'PUT', address, { reason: 'x' })).status,
        403,
      );
    });
  });
});
