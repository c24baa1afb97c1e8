import { RtcDeskError } from '../../protocol/errors.ts';
import type { SharedThing } from '../../protocol/rest/shared-links.ts';
import type { Queryable } from '../database/database.ts';
import { expiringCode, readExpiringCode } from '../identity/expiring-code.ts';
import { hashOneTimeCode } from '../identity/one-time-code.ts';
import { FILES } from '../recordings/list-recordings.ts';
import { ms } from '../views/view-columns.ts';

/** In addresses that a browser loads by itself: long enough to watch a recording. */
const FILE_CODE_MS = 4 * 3_600_000;
const PURPOSE = 'shared-file';

/** A link that counts now. */
export interface OpenLink extends Omit<SharedThing, 'fileCode'> {
  readonly id: string;
  readonly siteId: string;
  readonly call: string;
  /** Null: the link is to the case file of the call. */
  readonly recording: string | null;
  readonly madeBy: string;
}

const READ = `
select l.id, l.site_id as "siteId", l.call_id as call, l.recording_id as recording, l.made_by as "madeBy",
       case when l.recording_id is null then 'case-file' else 'recording' end as what,
       s.name as "siteName", ${ms('c.requested_at')} as "requestedAt", ${ms('l.expires_at')} as "expiresAt",
       ${FILES} as parts
  from shared_links l join calls c on c.id = l.call_id join sites s on s.id = l.site_id
  left join recordings r on r.id = l.recording_id left join agents a on a.id = l.agent_id
 where (l.code_hash = $1 or l.id = $2) and l.expires_at > now() and a.disabled_at is null`;

/** By the code of its address. Rejects with `not-found` for another text, and a link that counts no more. */
export const openSharedLink = (db: Queryable, code: string): Promise<OpenLink> =>
  read(db, hashOneTimeCode(code), null);

/** By the code of a file. Rejects with `not-found`. */
export async function openSharedFile(
  db: Queryable,
  serverKey: Uint8Array,
  fileCode: string,
): Promise<OpenLink> {
  const id = readExpiringCode(serverKey, PURPOSE, fileCode, Date.now());
  if (id === null) throw expired();
  return read(db, null, id);
}

export const sharedFileCode = (serverKey: Uint8Array, { id, expiresAt }: OpenLink): string =>
  expiringCode(serverKey, PURPOSE, id, Math.min(expiresAt, Date.now() + FILE_CODE_MS));

async function read(db: Queryable, hash: Buffer | null, id: string | null): Promise<OpenLink> {
  const { rows } = await db.query<OpenLink>(READ, [hash, id]);
  if (!rows[0]) throw expired();
  return rows[0];
}

const expired = (): RtcDeskError =>
  new RtcDeskError('not-found', 'The link has expired, or was revoked.');
