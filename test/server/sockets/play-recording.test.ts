import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it, mock } from 'node:test';
import { RecordingFolder } from '../../../src/server/recordings/recording-folder.ts';
import { playRecording } from '../../../src/server/sockets/commands/play-recording.ts';
import { readPastCall } from '../../../src/server/sockets/commands/read-past-call.ts';
import type { Connection } from '../../../src/server/sockets/connection.ts';
import type { NodeContext } from '../../../src/server/sockets/node-context.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { withCode } from '../../support/error-code.ts';
import { writeReadyRecording, type ReadyRecording } from '../../support/ready-recording.ts';
import { writeAgent, writeConsoleSite, type ConsoleSite } from '../http/console-fixture.ts';
import { HttpFixture, key } from '../http/http-fixture.ts';

describe('a recording at the desk', () => {
  onBothDatabases((test) => {
    let path: string;
    let folder: RecordingFolder;
    let http: HttpFixture;
    let acme: ConsoleSite;
    let other: ConsoleSite;
    let recorded: ReadyRecording;
    const bytes = randomBytes(40_000);

    before(async () => {
      path = await mkdtemp(join(tmpdir(), 'rtc-desk-recordings-'));
      folder = new RecordingFolder(path);
      http = await HttpFixture.open(test.db, { recordingFolder: folder });
    });
    after(async () => {
      mock.timers.reset();
      await http?.close();
      await rm(path, { recursive: true, force: true });
    });
    beforeEach(async () => {
      acme = await writeConsoleSite(test.db, 'acme');
      other = await writeConsoleSite(test.db, 'other');
      recorded = await writeReadyRecording(test.db, {
        ...{ site: 'acme', agent: acme.agents.agent, folder, key, bytes },
      });
    });

    const node = () =>
      ({ database: test.db, key, logger: { info: () => {} } }) as unknown as NodeContext;
    const connectionOf = (agentId: string, site = 'acme') =>
      ({
        viewer: { role: 'agent', agentId, site: { id: site } },
        origin: { address: '203.0.113.7' },
        toldReadings: new Map(),
      }) as unknown as Connection;
    const play = (agentId: string, site?: string) =>
      playRecording(node(), connectionOf(agentId, site), {
        ...{ type: 'play-recording', id: '1', recordingId: recorded.recording },
      });
    const load = (code: string, range?: string) =>
      fetch(`${http.url}/api/v1/played-recording?code=${code}&part=1`, {
        headers: range ? { range } : {},
      });

    it('is told of with the past call, and played whole and in ranges by a code', async () => {
      const agent = acme.agents.agent;
      const call = await readPastCall(node(), connectionOf(agent), {
        ...{ type: 'read-past-call', id: '1', callId: recorded.call },
      });
      assert.equal(call.recording?.id, recorded.recording);
      assert.deepEqual(
        call.recording?.files.map(({ part, mime }) => [part, mime]),
        [[1, 'video/webm']],
      );
      const { code } = await play(agent);
      const whole = await load(code);
      assert.equal(whole.status, 200);
      assert.equal(whole.headers.get('cache-control'), 'no-store');
      assert.deepEqual(Buffer.from(await whole.arrayBuffer()), bytes);
      const range = await load(code, 'bytes=1000-1999');
      assert.equal(range.status, 206);
      assert.deepEqual(Buffer.from(await range.arrayBuffer()), bytes.subarray(1_000, 2_000));
    });

    it('is played by the roles that reach it, and by nobody else', async () => {
      const colleague = await writeAgent(test.db, 'acme', 'colleague', 'agent');
      const { agent, supervisor, admin, owner } = acme.agents;
      for (const allowed of [agent, supervisor, admin, owner]) {
        assert.match((await play(allowed)).code, /^[\w-]+$/);
      }
      await assert.rejects(play(colleague), withCode('forbidden'));
      await assert.rejects(play(other.agents.owner, 'other'), withCode('forbidden'));
      // A supervisor of no group of this call.
      await test.db.query('delete from memberships where agent_id = $1', [supervisor]);
      await assert.rejects(play(supervisor), withCode('forbidden'));
      const { rows } = await test.db.query<{ agent_id: string; subject: string }>(
        `select agent_id, subject from audit where type = 'recording-read' order by sequence`,
      );
      assert.deepEqual(
        rows.map(({ agent_id }) => agent_id),
        [agent, supervisor, admin, owner],
      );
      assert.equal(rows[0]?.subject, `recording:${recorded.recording}`);
    });

    it('is not found by another code, by one that has expired, and after it was deleted', async () => {
      const { code, expiresAt } = await play(acme.agents.agent);
      const changed = code.slice(0, -1) + (code.endsWith('A') ? 'B' : 'A');
      assert.equal((await load(changed)).status, 404);
      mock.timers.enable({ apis: ['Date'], now: expiresAt });
      assert.equal((await load(code)).status, 404);
      mock.timers.reset();
      assert.equal((await load(code)).status, 200);
      await test.db.query('delete from recording_files where recording_id = $1', [
        recorded.recording,
      ]);
      assert.equal((await load(code)).status, 404);
    });
  });
});
