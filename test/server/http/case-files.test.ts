import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { after, before, beforeEach, describe, it } from 'node:test';
import { compactVerify, importJWK, type JWK } from 'jose';
import { openPromise } from 'yauzl';
import { verifyCaseFile } from '../../../src/server/case-files/verify-case-file.ts';
import { RecordingFolder } from '../../../src/server/recordings/recording-folder.ts';
import { BLOCK_BYTES } from '../../../src/server/recordings/sealed-file.ts';
import { onBothDatabases } from '../../support/databases.ts';
import {
  endRecordedCall,
  writeRecordedCall,
  writeRecordingFile,
  type RecordedCall,
} from '../../support/recorded-call.ts';
import { writeApiKey, writeConsoleSite, type ConsoleSite } from './console-fixture.ts';
import { HttpFixture, key } from './http-fixture.ts';
import { codeOf, RestClient } from './rest-client.ts';

describe('case files over REST', () => {
  onBothDatabases((test) => {
    let path: string;
    let folder: RecordingFolder;
    let http: HttpFixture;
    let rest: RestClient;
    let acme: ConsoleSite;
    let call: RecordedCall;
    let picture: string;
    const video = randomBytes(3 * BLOCK_BYTES + 77);
    const webp = randomBytes(5_000);

    before(async () => {
      path = await mkdtemp(join(tmpdir(), 'rtc-desk-case-files-'));
      folder = new RecordingFolder(join(path, 'recordings'));
      http = await HttpFixture.open(test.db, { recordingFolder: folder });
      rest = new RestClient(http.url);
    });
    after(async () => {
      await http?.close();
      await rm(path, { recursive: true, force: true });
    });
    beforeEach(async () => {
      acme = await writeConsoleSite(test.db, 'acme');
      call = await writeRecordedCall(test.db, { site: 'acme', agent: acme.agents.agent });
      picture = await talk();
    });

    /** A message, a picture with a drawing on it, and a note. Resolves to the picture's id. */
    async function talk(): Promise<string> {
      const { rows } = await test.db.query<{ room: number }>(
        'select room from calls where id = $1',
        [call.call],
      );
      const room = rows[0]!.room;
      await test.db.query(
        `insert into participants (id, room, role, call_id, name, entered_at)
         values ($1, $2, 'visitor', $3, 'Clara', now())`,
        [`visitor-${room}`, room, call.call],
      );
      const images = await test.db.query<{ id: string }>(
        `insert into images (room, site_id, type, width, height, bytes)
         values ($1, 'acme', 'image/webp', 10, 10, $2) returning id`,
        [room, webp],
      );
      const id = images.rows[0]!.id;
      await test.db.query(
        `insert into messages (room, sequence, id, participant_id, text, image_id)
         values ($1, 1, $3, $2, '<b>My meter</b>', null), ($1, 2, $4, $2, null, $5)`,
        [room, `visitor-${room}`, randomUUID(), randomUUID(), id],
      );
      await test.db.query(
        `insert into drawings (room, participant_id, source, still, marks)
         values ($1, $2, 'camera', $3, '[{"kind": "arrow"}]')`,
        [room, `visitor-${room}`, id],
      );
      await test.db.query(
        `insert into call_notes (call_id, agent_id, version, text) values ($1, $2, 1, 'Wants a new meter')`,
        [call.call, acme.agents.agent],
      );
      return id;
    }
    const address = () => `/calls/${call.call}/case-file`;
    const finish = async () => {
      await endRecordedCall(test.db, call);
      await writeRecordingFile(test.db, folder, key, call, video);
    };
    const keys = async () =>
      ((await (await http.get('/api/v1/signing-keys')).json()) as { keys: JWK[] }).keys;

    async function save(token: string): Promise<string> {
      const response = await rest.send(token, 'GET', address());
      assert.equal(response.status, 200);
      assert.equal(response.headers.get('content-type'), 'application/zip');
      assert.equal(
        response.headers.get('content-disposition'),
        `attachment; filename="case-${call.call}.zip"`,
      );
      const file = join(path, `${randomUUID()}.zip`);
      await writeFile(file, Buffer.from(await response.arrayBuffer()));
      return file;
    }
    async function contentsOf(file: string): Promise<Record<string, Buffer>> {
      const zip = await openPromise(file, { lazyEntries: true, autoClose: false });
      const contents: Record<string, Buffer> = {};
      for await (const entry of zip.eachEntry()) {
        contents[entry.fileName] = await buffer(await zip.openReadStreamPromise(entry));
      }
      zip.close();
      return contents;
    }

    it('hold everything that is kept of a call, and are found whole with the public keys', async () => {
      await finish();
      const file = await save(acme.tokens.owner);
      const { problems, manifest } = await verifyCaseFile(file, await keys());
      assert.deepEqual(problems, []);
      assert.deepEqual(
        [manifest?.site, manifest?.call, manifest?.madeBy, manifest?.recording],
        ['acme', call.call, 'owner owner', 'ready'],
      );
      const contents = await contentsOf(file);
      assert.deepEqual(Object.keys(contents), [
        'call.json',
        'transcript.json',
        'transcript.html',
        `pictures/${picture}.webp`,
        'drawing.json',
        'recording/recording.json',
        'recording/manifest.json',
        'recording/manifest.json.jws',
        'recording/part-1.webm',
        'manifest.json',
        'manifest.json.jws',
      ]);
      const json = (name: string) => JSON.parse(contents[name]!.toString()) as never;
      const record: { id: string; notes: { versions: { text: string }[] }[]; events: unknown[] } =
        json('call.json');
      assert.equal(record.id, call.call);
      assert.equal(record.notes[0]?.versions[0]?.text, 'Wants a new meter');
      const { messages }: { messages: unknown[] } = json('transcript.json');
      assert.equal(messages.length, 2);
      const page = contents['transcript.html']!.toString();
      assert.ok(page.includes(`src="pictures/${picture}.webp"`));
      assert.ok(page.includes('&lt;b&gt;My meter'));
      assert.ok(contents[`pictures/${picture}.webp`]!.equals(webp));
      assert.deepEqual(json('drawing.json'), {
        on: { role: 'visitor', name: 'Clara', source: 'camera', picture },
        marks: [{ kind: 'arrow' }],
      });
      assert.ok(contents['recording/part-1.webm']!.equals(video));
      const jws = contents['recording/manifest.json.jws']!.toString();
      const { payload } = await compactVerify(jws, await importJWK((await keys())[0]!, 'EdDSA'));
      assert.ok(contents['recording/manifest.json']!.equals(Buffer.from(payload)));
    });

    it('are made of calls without a recording, a room or an agent', async () => {
      const { rows } = await test.db.query<{ id: string }>(
        `insert into calls (site_id, group_id, visitor_name, state, ended_at, ended_reason)
         values ('acme', 'help', 'Visitor', 'ended', now(), 'cancelled') returning id`,
        [],
      );
      call = { ...call, call: rows[0]!.id };
      const file = await save(acme.tokens.admin);
      const { problems, manifest } = await verifyCaseFile(file, await keys());
      assert.deepEqual([problems, manifest?.recording], [[], null]);
      assert.deepEqual(
        manifest?.files.map(({ name }) => name),
        ['call.json', 'transcript.json', 'transcript.html'],
      );
    });

    it('wait for the end of the call and of its recording, and say in which state it ended', async () => {
      const ask = () => rest.send(acme.tokens.owner, 'GET', address());
      const live = await ask();
      assert.deepEqual([live.status, await codeOf(live)], [409, 'conflict']);
      await endRecordedCall(test.db, call);
      const uploading = await ask();
      assert.deepEqual([uploading.status, await codeOf(uploading)], [409, 'conflict']);
      await test.db.query(
        `update recordings set file_state = 'failed', failure = 'unreadable' where id = $1`,
        [call.recording],
      );
      const file = await save(acme.tokens.owner);
      const { problems, manifest } = await verifyCaseFile(file, await keys());
      assert.deepEqual([problems, manifest?.recording], [[], 'failed']);
      assert.ok(Object.keys(await contentsOf(file)).includes('recording/recording.json'));
    });

    it('are for admins and owners of the site, and for keys that may read both', async () => {
      await finish();
      const other = await writeConsoleSite(test.db, 'other');
      const ask = async (token: string) => {
        const response = await rest.send(token, 'GET', address());
        await response.arrayBuffer();
        return response.status;
      };
      const { agent, supervisor, admin, owner } = acme.tokens;
      assert.deepEqual(
        [await ask(agent), await ask(supervisor), await ask(admin), await ask(owner)],
        [403, 403, 200, 200],
      );
      assert.equal(await ask(other.tokens.owner), 404);
      assert.equal(await ask(await writeApiKey(test.db, 'acme', ['recordings:read'])), 403);
      assert.equal(await ask(await writeApiKey(test.db, 'acme', ['calls:read'])), 403);
      assert.equal(
        await ask(await writeApiKey(test.db, 'acme', ['calls:read', 'recordings:read'])),
        200,
      );
    });

    it('are told of in the security log', async () => {
      await rest.send(acme.tokens.owner, 'GET', address());
      await finish();
      await save(acme.tokens.owner);
      const { rows } = await test.db.query<object>(
        `select type, subject, agent_id, after from audit where site_id = 'acme'`,
        [],
      );
      assert.deepEqual(rows, [
        {
          type: 'record-read',
          subject: `call:${call.call}`,
          agent_id: acme.agents.owner,
          after: { caseFile: true },
        },
      ]);
    });

    it('lack their end if a part cannot be read', async () => {
      await finish();
      await rm(folder.folderOf(call.recording), { recursive: true });
      const response = await rest.send(acme.tokens.owner, 'GET', address());
      await assert.rejects(response.arrayBuffer());
      // The server goes on.
      assert.equal((await rest.send(acme.tokens.owner, 'GET', '/recordings')).status, 200);
    });

    describe('as webhooks announce them', () => {
      const announced = async () =>
        (
          await test.db.query<{ data: object }>(
            `select data from webhook_events where type = 'case_file.ready' and call_id = $1`,
            [call.call],
          )
        ).rows.map(({ data }) => data);
      const subscribe = (types: string[] | null, state = '') =>
        test.db.query(
          `insert into webhook_endpoints (site_id, url, types, disabled_at, disabled_reason)
           values ('acme', 'https://hooks.example.com/', $1, ${state || 'null, null'})`,
          [types],
        );
      const setFiles = (state: string) =>
        test.db.query(`update recordings set file_state = $2 where id = $1`, [
          call.recording,
          state,
        ]);
      const setLeg = (state: string) =>
        test.db.query(
          `update legs set state = $2, left_at = now(),
                  wrap_up_until = case when $2 = 'left' then now() end, closed_at = case when $2 = 'closed' then now() end
            where id = $1`,
          [call.leg, state],
        );
      const end = () =>
        test.db.query(
          `update calls set state = 'ended', ended_at = now(), ended_reason = 'agent-ended' where id = $1`,
          [call.call],
        );

      it('are announced once, when the call, the wrap-up and the recording are over', async () => {
        await subscribe(['case_file.ready']);
        const steps: Record<string, () => Promise<unknown>> = {
          end,
          wrapUp: () => setLeg('closed'),
          recording: () => writeRecordingFile(test.db, folder, key, call, video),
        };
        await setLeg('left');
        for (const step of ['end', 'recording', 'wrapUp']) {
          assert.deepEqual(await announced(), [], step);
          await steps[step]!();
        }
        const once = [{ caseFile: `/api/v1/calls/${call.call}/case-file`, recorded: true }];
        assert.deepEqual(await announced(), once);
        await test.db.query(`update legs set end_reason = 'again' where id = $1`, [call.leg]);
        await setLeg('left');
        await setLeg('closed');
        assert.deepEqual(await announced(), once);
      });

      it('are announced after the recording where it comes last, and also without one', async () => {
        await subscribe(null);
        await setLeg('closed');
        await end();
        await setFiles('joining');
        assert.deepEqual(await announced(), []);
        await setFiles('failed');
        assert.deepEqual(await announced(), [
          { caseFile: `/api/v1/calls/${call.call}/case-file`, recorded: false },
        ]);
      });

      it('are announced to nobody who has not asked', async () => {
        await subscribe(['call.ended']);
        await subscribe(null, "now(), 'by-hand'");
        await finish();
        assert.deepEqual(await announced(), []);
      });
    });
  });
});
