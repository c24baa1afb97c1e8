import { RtcDeskError } from '../../protocol/errors.ts';
import type { FollowUp, FollowUpChange } from '../../protocol/rest/follow-ups.ts';
import { RestError } from '../../protocol/rest/rest-error.ts';
import type { AuditEntry } from '../audit/audit-entry.ts';
import { writeAudit, type AuditReceipt } from '../audit/write-audit.ts';
import { writeCancellation } from '../callbacks/cancel-callback.ts';
import { requestCallback } from '../callbacks/request-callback.ts';
import { notifyEnded, type EndedCall } from '../calls/end-calls.ts';
import { ANY_VERSION } from '../configuration/version.ts';
import type { Database, Queryable } from '../database/database.ts';
import { FOLLOW_UP, followUpOf, type FollowUpReach, type FollowUpRow } from './follow-up-row.ts';

/** A follow-up, the version that the caller has read, and who the caller is. */
export interface FollowUpAsked extends FollowUpReach {
  readonly id: string;
  readonly version: string;
  /** For example `owner olivia`. */
  readonly by: string;
  /** Whom the caller may name as the assignee: an agent only this one. Null: every agent of the group. */
  readonly onlyAssignee: string | null;
}

const READ = `
select ${FOLLOW_UP} from follow_ups f join calls c on c.id = f.call_id
 where f.site_id = $1 and f.id = $2 and ($3::text[] is null or f.group_id = any ($3))`;

/** Rejects with `not-found` if it is out of the caller's reach. */
export async function readFollowUp(
  db: Queryable,
  { siteId, groups }: FollowUpReach,
  id: string,
): Promise<FollowUp> {
  const { rows } = await db.query<FollowUpRow>(READ, [siteId, id, groups]);
  if (!rows[0]) throw new RtcDeskError('not-found', 'You have no such message or callback.');
  return followUpOf(rows[0]);
}

const LOCK = 'select id from follow_ups where id = $1 for no key update';

/** Locks the row. Rejects with `not-found`, and with `precondition-failed` where it has another version. */
async function lock(tx: Queryable, { id, version, ...reach }: FollowUpAsked): Promise<FollowUp> {
  await tx.query(LOCK, [id]);
  const found = await readFollowUp(tx, reach, id);
  if (version !== ANY_VERSION && version !== found.version) {
    throw new RestError(
      'precondition-failed',
      'Somebody else has changed it since you read it. Nothing was written.',
    );
  }
  return found;
}

const WRITE = `
update follow_ups
   set assignee = $2, handled_at = case when $3::boolean then coalesce(handled_at, now()) end,
       handled_by = case when $3 then coalesce(handled_by, $4) end
 where id = $1`;

const IS_MEMBER = `
select from memberships m join agents a on a.id = m.agent_id
 where m.site_id = $1 and m.group_id = $2 and a.id = $3 and a.disabled_at is null`;

/**
 * Changes who takes care of a message or callback, and whether it was answered. Who answers a callback by other means
 * cancels it. Rejects with `not-found`, `precondition-failed`, `forbidden`, and `bad-message` for an assignee who
 * is no agent of the group.
 */
export async function changeFollowUp(
  db: Database,
  asked: FollowUpAsked,
  change: FollowUpChange,
): Promise<FollowUp> {
  const { changed, ended } = await db.transaction(async (tx) => {
    const before = await lock(tx, asked);
    const assignee =
      change.assignee === undefined ? (before.assignee?.id ?? null) : change.assignee;
    if (change.assignee !== undefined) await requireAssignee(tx, asked, before, assignee);
    const handled = change.handled ?? before.handledAt !== null;
    await tx.query(WRITE, [asked.id, assignee, handled, asked.by]);
    const cancelled: EndedCall[] = change.handled
      ? await writeCancellation(tx, asked.id, 'system')
      : [];
    return { changed: await readFollowUp(tx, asked, asked.id), ended: cancelled };
  });
  notifyEnded(db, ended);
  return changed;
}

async function requireAssignee(
  tx: Queryable,
  { siteId, onlyAssignee }: FollowUpAsked,
  { group, assignee: before }: FollowUp,
  assignee: string | null,
): Promise<void> {
  const touched = assignee ?? before?.id ?? null;
  if (onlyAssignee !== null && touched !== null && touched !== onlyAssignee) {
    throw new RtcDeskError(
      'forbidden',
      'An agent takes care of it or gives that up, for nobody else.',
    );
  }
  if (assignee === null) return;
  const { rows } = await tx.query(IS_MEMBER, [siteId, group, assignee]);
  if (rows.length === 0) {
    throw new RtcDeskError('bad-message', 'The assignee is no agent of this group.');
  }
}

const REOPEN = 'update follow_ups set handled_at = null, handled_by = null where id = $1';

/**
 * Answers a message by a callback, or begins a failed callback anew. Rejects with `not-found`, `precondition-failed`,
 * and with `conflict` if the callback is under way or done.
 */
export async function answerByCallback(db: Database, asked: FollowUpAsked): Promise<FollowUp> {
  return db.transaction(async (tx) => {
    await lock(tx, asked);
    await requestCallback(tx, asked.id);
    await tx.query(REOPEN, [asked.id]);
    return readFollowUp(tx, asked, asked.id);
  });
}

/**
 * Deletes a message or callback, and ends the call of an open one. The security log says of which call it was, not what
 * was in it. Rejects with `not-found`, `precondition-failed`.
 */
export async function deleteFollowUp(
  db: Database,
  asked: FollowUpAsked,
  { actor, address }: Pick<AuditEntry, 'actor' | 'address'>,
): Promise<AuditReceipt> {
  const { ended, receipt } = await db.transaction(async (tx) => {
    const { kind, group, call, leftAt } = await lock(tx, asked);
    const cancelled = await writeCancellation(tx, asked.id, 'system');
    await tx.query('delete from follow_ups where id = $1', [asked.id]);
    const told = await writeAudit(tx, {
      site: asked.siteId,
      type: 'message-deleted',
      actor,
      address,
      subject: `call:${call}`,
      before: { kind, group, leftAt },
    });
    return { ended: cancelled, receipt: told };
  });
  notifyEnded(db, ended);
  return receipt;
}
