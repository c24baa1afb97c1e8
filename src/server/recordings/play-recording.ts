import { RtcDeskError } from '../../protocol/errors.ts';
import type { ReadCall } from '../../protocol/past-call.ts';
import type { PlayCode } from '../../protocol/rest/recordings.ts';
import { callScope, type CallScope } from '../calls/call-record.ts';
import type { Queryable } from '../database/database.ts';
import { agentAsCaller } from '../identity/caller.ts';
import { expiringCode, readExpiringCode } from '../identity/expiring-code.ts';
import { reachOf } from '../identity/permissions.ts';
import { listRecordings, readRecording } from './list-recordings.ts';
import {
  openRecordingFile,
  type RecordingContent,
  type RecordingElsewhere,
  type RecordingPlaces,
} from './open-recording-file.ts';

/** Long enough to watch a recording. */
const CODE_MS = 4 * 3_600_000;
const PURPOSE = 'played-recording';

/** The calls whose recordings the agent of a socket may play. Null: none. */
async function scopeOfAgent(db: Queryable, agentId: string): Promise<CallScope | null> {
  const agent = await agentAsCaller(db, agentId);
  const reach = reachOf(agent.credential, 'recordings');
  return reach === 'none' ? null : callScope(agent, reach);
}

/** What the agent may play of a call. Null: nothing. */
export async function findPlayable(
  db: Queryable,
  { callId, agentId }: { readonly callId: string; readonly agentId: string },
): Promise<ReadCall['recording']> {
  const scope = await scopeOfAgent(db, agentId);
  if (!scope) return null;
  const [found] = (await listRecordings(db, scope, { call: callId }, { limit: 1 })).items;
  return found && found.files.length > 0 ? { id: found.id, files: found.files } : null;
}

/** A code with which the agent's page plays the recording. Rejects with `forbidden`. */
export async function makePlayCode(
  db: Queryable,
  serverKey: Uint8Array,
  { recordingId, agentId }: { readonly recordingId: string; readonly agentId: string },
): Promise<PlayCode> {
  const scope = await scopeOfAgent(db, agentId);
  const found = scope && (await readRecording(db, scope, recordingId));
  if (!found) throw new RtcDeskError('forbidden', 'You may not play this recording.');
  const expiresAt = Date.now() + CODE_MS;
  return { code: expiringCode(serverKey, PURPOSE, recordingId, expiresAt), expiresAt };
}

export interface PlayedFile {
  readonly id: string;
  readonly file: RecordingContent | RecordingElsewhere;
}

const SITE = `select c.site_id as "siteId" from recordings r join calls c on c.id = r.call_id where r.id = $1`;

/** A file by such a code. Rejects with `not-found` for another code, and for one that has expired. */
export async function openPlayedFile(
  db: Queryable,
  places: RecordingPlaces,
  serverKey: Uint8Array,
  { code, part }: { readonly code: string; readonly part: number },
): Promise<PlayedFile> {
  const id = readExpiringCode(serverKey, PURPOSE, code, Date.now());
  const { rows } = await db.query<{ siteId: string }>(SITE, [id]);
  const scope = rows[0] && { siteId: rows[0].siteId, groups: null, agentId: null };
  const file = id && scope && (await openRecordingFile(db, places, serverKey, scope, { id, part }));
  if (!id || !file) throw new RtcDeskError('not-found', 'There is no such file any more.');
  return { id, file };
}
