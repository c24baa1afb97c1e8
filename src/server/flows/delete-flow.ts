import { RestError } from '../../protocol/rest/rest-error.ts';
import { writeAudit, type AuditReceipt } from '../audit/write-audit.ts';
import type { Queryable } from '../database/database.ts';
import type { FlowAuthor } from './publish-flow.ts';

const LOCK = `
select name, revision, published_version as "publishedVersion", is_default as "isDefault"
  from flows where site_id = $1 and id = $2 for update`;
const USED = `
select from calls c join flow_versions v on v.id = c.flow_version_id
 where v.site_id = $1 and v.flow_id = $2 limit 1`;
const DELETE = `delete from flows where site_id = $1 and id = $2`;

export type Deletion =
  | { readonly outcome: 'deleted'; readonly receipt: AuditReceipt }
  /** The flow has another revision than the caller has read. */
  | { readonly outcome: 'changed' }
  | { readonly outcome: 'missing' };

interface Locked {
  readonly name: string;
  readonly revision: number;
  readonly publishedVersion: number | null;
  readonly isDefault: boolean;
}

/**
 * Deletes a flow with its versions. Rejects with `in-use` for the default flow, and for a flow with which a call began
 * that is still kept. To be run in a transaction.
 */
export async function deleteFlow(
  tx: Queryable,
  { siteId, id }: { readonly siteId: string; readonly id: string },
  revision: number,
  { actor, address }: FlowAuthor,
): Promise<Deletion> {
  const [flow] = (await tx.query<Locked>(LOCK, [siteId, id])).rows;
  if (!flow) return { outcome: 'missing' };
  if (flow.revision !== revision) return { outcome: 'changed' };
  if (flow.isDefault) throw inUse('It is the default flow.');
  if ((await tx.query(USED, [siteId, id])).rowCount) throw inUse('Calls began with it.');
  await tx.query(DELETE, [siteId, id]);
  const { name, publishedVersion } = flow;
  const receipt = await writeAudit(tx, {
    site: siteId,
    type: 'configuration-changed',
    actor,
    address,
    subject: `flow:${id}`,
    before: { name, publishedVersion },
  });
  return { outcome: 'deleted', receipt };
}

function inUse(why: string): RestError {
  return new RestError('in-use', `The flow cannot be deleted. ${why}`);
}
