import { createHash, randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import type { RecordingManifest } from '../../src/protocol/rest/recordings.ts';
import type { Queryable } from '../../src/server/database/database.ts';
import { signManifest } from '../../src/server/identity/manifest-signature.ts';
import type { RecordingFolder } from '../../src/server/recordings/recording-folder.ts';
import { makeRecordingKey } from '../../src/server/recordings/recording-key.ts';
import { BLOCK_BYTES, writeSealed } from '../../src/server/recordings/sealed-file.ts';

export interface RecordedCall {
  readonly call: string;
  readonly recording: string;
  readonly leg: string;
  readonly site: string;
}

/** A call of the group `help` that an agent has joined, and that is recorded since a minute. */
export async function writeRecordedCall(
  db: Queryable,
  { site, agent }: { readonly site: string; readonly agent: string },
): Promise<RecordedCall> {
  const id = async (statement: string, ...values: unknown[]) =>
    (await db.query<{ id: string }>(statement, values)).rows[0]!.id;
  const call = await id(
    `insert into calls (site_id, group_id, visitor_name, state, requested_at)
     values ($1, 'help', 'Clara', 'queued', now() - interval '2 minutes') returning id`,
    site,
  );
  const leg = await id(
    `insert into legs (call_id, state, agent_id, site_id, group_id, reason, accepted_at, joined_at)
     values ($1, 'joined', $2, $3, 'help', '{"code": "transfer", "params": {"group": null, "idleSeconds": null}}', now(), now()) returning id`,
    call,
    agent,
    site,
  );
  const { rows } = await db.query<{ number: number }>(
    `insert into rooms (number, site_id, kind, call_id, provider)
     values (1 + floor(random() * 2000000000)::int, $1, 'call', $2, 'mesh') returning number`,
    [site, call],
  );
  await db.query(
    `update calls set state = 'connected', owner_leg_id = $2, room = $3, ready_at = now(), connected_at = now() where id = $1`,
    [call, leg, rows[0]!.number],
  );
  const recording = await id(
    `insert into recordings (site_id, call_id, state, rule, started_at, heard_at)
     select $1, $2, 'recording', s.recording, now() - interval '1 minute', now() from sites s where s.id = $1 returning id`,
    site,
    call,
  );
  return { call, recording, leg, site };
}

/** The agent leaves and the call ends. */
export async function endRecordedCall(db: Queryable, { call, leg }: RecordedCall): Promise<void> {
  await db.query(
    `update legs set state = 'closed', left_at = now(), closed_at = now() where id = $1`,
    [leg],
  );
  await db.query(
    `update calls set state = 'ended', ended_at = now(), ended_reason = 'agent-ended' where id = $1`,
    [call],
  );
}

/** Gives a recording one file that can be played. Resolves to its name in the folder. */
export async function writeRecordingFile(
  db: Queryable,
  folder: RecordingFolder,
  serverKey: Uint8Array,
  { recording, call, site }: RecordedCall,
  bytes: Buffer,
): Promise<string> {
  const { key, wrapped } = makeRecordingKey(serverKey, recording);
  const name = `${randomUUID()}-1.recording`;
  await mkdir(folder.folderOf(recording), { recursive: true });
  const blocks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += BLOCK_BYTES) {
    blocks.push(bytes.subarray(at, at + BLOCK_BYTES));
  }
  writeSealed({ path: folder.file(recording, name), key, name, size: bytes.length }, blocks);
  const sha256 = createHash('sha256').update(bytes).digest();
  const file = { part: 1, mime: 'video/webm', bytes: bytes.length, durationMs: 61_000 };
  const content: RecordingManifest = {
    ...{ recording, call, site, madeAt: Date.now(), segments: [] },
    files: [{ ...file, sha256: sha256.toString('hex') }],
  };
  const manifest = JSON.stringify(content);
  await db.query(
    `update recordings
        set file_state = 'ready', wrapped_key = $2, manifest = $3, signature = $4, ready_at = now()
      where id = $1`,
    [recording, wrapped, manifest, await signManifest(serverKey, 'recording+json', manifest)],
  );
  await db.query(
    `insert into recording_files (recording_id, part, name, mime, bytes, sha256, duration_ms)
     values ($1, 1, $2, 'video/webm', $3, $4, 61000)`,
    [recording, name, bytes.length, sha256],
  );
  return name;
}
