import type { NewSharedLink, SharedLink } from '../../protocol/rest/shared-links.ts';
import { RtcDeskError } from '../../protocol/errors.ts';
import type { AuditActor } from '../audit/audit-entry.ts';
import { writeAudit, type AuditReceipt } from '../audit/write-audit.ts';
import type { Database, Queryable } from '../database/database.ts';
import { makeOneTimeCode } from '../identity/one-time-code.ts';
import { ms } from '../views/view-columns.ts';

/** Who makes or revokes a link. */
export interface LinkMaker {
  readonly siteId: string;
  readonly actor: AuditActor;
  /** For example `owner olivia`. */
  readonly name: string;
  readonly address: string | null;
}

/** The recording, or the call whose case file the link is to. */
export type SharedSubject = { readonly recording: string } | { readonly call: string };

const LINK = `
  l.id, case when l.recording_id is null then 'case-file' else 'recording' end as what,
  l.recording_id as recording, l.made_by as "madeBy", ${ms('l.made_at')} as "madeAt",
  ${ms('l.expires_at')} as "expiresAt"`;

const FIND_RECORDING = `
select r.call_id as call, r.id as recording from recordings r
 where r.site_id = $1 and r.id = $2 and r.file_state = 'ready'`;
const FIND_CALL = `
select c.id as call, null::uuid as recording from calls c
 where c.site_id = $1 and c.id = $2 and c.state = 'ended'`;

const STORE = `
insert into shared_links as l (site_id, call_id, recording_id, code_hash, made_by, agent_id, expires_at)
values ($1, $2, $3, $4, $5, $6, now() + make_interval(secs => $7))
returning ${LINK}`;

/**
 * Makes a link, and its code, which is stored nowhere. Rejects with `not-found` if the site has no such recording that
 * can be played, or no such call that has ended.
 */
export async function makeSharedLink(
  db: Database,
  { siteId, actor, name, address }: LinkMaker,
  subject: SharedSubject,
  { expiresInSeconds }: NewSharedLink,
): Promise<{ readonly link: SharedLink; readonly code: string; readonly receipt: AuditReceipt }> {
  const { code, hash } = makeOneTimeCode();
  return db.transaction(async (tx) => {
    const found = await find(tx, siteId, subject);
    const agentId = actor.kind === 'agent' ? actor.agentId : null;
    const { rows } = await tx.query<SharedLink>(STORE, [
      ...[siteId, found.call, found.recording, hash, name, agentId, expiresInSeconds],
    ]);
    const link = rows[0]!;
    const receipt = await writeAudit(tx, {
      ...{ site: siteId, type: 'link-made', actor, address },
      subject: subjectOf(found),
      after: { link: link.id, expiresInSeconds },
    });
    return { link, code, receipt };
  });
}

interface Found {
  readonly call: string;
  readonly recording: string | null;
}

async function find(tx: Queryable, siteId: string, subject: SharedSubject): Promise<Found> {
  const { rows } =
    'recording' in subject
      ? await tx.query<Found>(FIND_RECORDING, [siteId, subject.recording])
      : await tx.query<Found>(FIND_CALL, [siteId, subject.call]);
  if (!rows[0]) throw new RtcDeskError('not-found', 'Your site has nothing there to share.');
  return rows[0];
}

const subjectOf = ({ call, recording }: Found): string =>
  recording === null ? `call:${call}` : `recording:${recording}`;

const LIST = `
select ${LINK} from shared_links l
 where l.site_id = $1 and l.call_id = $2 and l.expires_at > now() order by l.made_at, l.id`;

/** The links of a call that have not expired, oldest first. */
export async function listSharedLinks(
  db: Queryable,
  siteId: string,
  callId: string,
): Promise<readonly SharedLink[]> {
  return (await db.query<SharedLink>(LIST, [siteId, callId])).rows;
}

const REVOKE = `
delete from shared_links where site_id = $1 and id = $2
returning call_id as call, recording_id as recording`;

/** From now on the link opens nothing. Rejects with `not-found` if the site has no such link. */
export async function revokeSharedLink(
  db: Database,
  { siteId, actor, address }: LinkMaker,
  id: string,
): Promise<AuditReceipt> {
  return db.transaction(async (tx) => {
    const { rows } = await tx.query<Found>(REVOKE, [siteId, id]);
    if (!rows[0]) throw new RtcDeskError('not-found', 'Your site has no such link.');
    return writeAudit(tx, {
      ...{ site: siteId, type: 'link-revoked', actor, address },
      subject: subjectOf(rows[0]),
      after: { link: id },
    });
  });
}
