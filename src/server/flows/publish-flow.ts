import type { AuditActor } from '../audit/audit-entry.ts';
import { writeAudit, type AuditReceipt } from '../audit/write-audit.ts';
import type { Flow } from '../../protocol/flow.ts';
import { requireVersion } from '../configuration/version.ts';
import type { Queryable } from '../database/database.ts';
import type { FlowFault } from '../../protocol/rest/flows.ts';
import { checkFlow, type FlowReferences } from './check-flow.ts';

export interface FlowAuthor {
  readonly actor: AuditActor;
  /** Shown with the version, for example `owner olivia`. */
  readonly name: string;
  readonly address: string | null;
}

interface FlowKey {
  readonly siteId: string;
  readonly id: string;
}

const READ_REFERENCES = `
select array(select g.id from skill_groups g where g.site_id = s.id) as groups,
       array(select h.id from hours h where h.site_id = s.id) as hours, s.request_hosts as hosts
  from sites s where s.id = $1`;

/** What the flows of a site may refer to. */
export async function readReferences(tx: Queryable, siteId: string): Promise<FlowReferences> {
  const [row] = (
    await tx.query<{ groups: string[]; hours: string[]; hosts: string[] }>(READ_REFERENCES, [
      siteId,
    ])
  ).rows;
  return {
    groups: new Set(row?.groups),
    hours: new Set(row?.hours),
    requestHosts: new Set(row?.hosts),
  };
}

const LOCK = `
select revision, draft, published_version as version from flows where site_id = $1 and id = $2 for update`;

const INSERT = `
insert into flow_versions (site_id, flow_id, version, document, agent_id, author)
select $1, $2, coalesce(max(version), 0) + 1, $3, $4, $5
  from flow_versions where site_id = $1 and flow_id = $2
returning version`;

const SHOW = `
update flows set published_version = $3, revision = revision + 1, changed_at = now()
 where site_id = $1 and id = $2 and exists (
   select from flow_versions v where v.site_id = $1 and v.flow_id = $2 and v.version = $3)`;

export type Publication =
  | { readonly outcome: 'published'; readonly version: number; readonly receipt: AuditReceipt }
  | { readonly outcome: 'faults'; readonly faults: readonly FlowFault[] }
  /** The flow has another revision than the publisher has read. */
  | { readonly outcome: 'changed' }
  | { readonly outcome: 'missing' };

interface Locked {
  readonly revision: number;
  readonly draft: Flow;
  readonly version: number | null;
}

/** Makes a version of the draft, with which new calls begin. To be run in a transaction. */
export async function publishFlow(
  tx: Queryable,
  { siteId, id }: FlowKey,
  revision: number,
  author: FlowAuthor,
): Promise<Publication> {
  const [flow] = (await tx.query<Locked>(LOCK, [siteId, id])).rows;
  if (!flow) return { outcome: 'missing' };
  if (flow.revision !== revision) return { outcome: 'changed' };
  const faults = checkFlow(flow.draft, await readReferences(tx, siteId));
  if (faults.length > 0) return { outcome: 'faults', faults };
  const { actor, name } = author;
  const agentId = actor.kind === 'agent' ? actor.agentId : null;
  const document = JSON.stringify(flow.draft);
  const { rows } = await tx.query<{ version: number }>(INSERT, [
    siteId,
    id,
    document,
    agentId,
    name,
  ]);
  const version = rows[0]?.version ?? 0;
  return show(tx, { siteId, id }, { from: flow.version, to: version }, author);
}

/** Lets new calls begin with an earlier version. To be run in a transaction. */
export async function rollBackFlow(
  tx: Queryable,
  { siteId, id }: FlowKey,
  { revision, version }: { readonly revision: number; readonly version: number },
  author: FlowAuthor,
): Promise<Publication> {
  const [flow] = (await tx.query<Locked>(LOCK, [siteId, id])).rows;
  if (!flow) return { outcome: 'missing' };
  if (flow.revision !== revision) return { outcome: 'changed' };
  return show(tx, { siteId, id }, { from: flow.version, to: version }, author);
}

async function show(
  tx: Queryable,
  { siteId, id }: FlowKey,
  { from, to }: { readonly from: number | null; readonly to: number },
  { actor, address }: FlowAuthor,
): Promise<Publication> {
  const { rowCount } = await tx.query(SHOW, [siteId, id, to]);
  if (rowCount === 0) return { outcome: 'missing' };
  const receipt = await writeAudit(tx, {
    site: siteId,
    type: 'configuration-changed',
    actor,
    address,
    subject: `flow:${id}`,
    before: { publishedVersion: from },
    after: { publishedVersion: to },
  });
  return { outcome: 'published', version: to, receipt };
}

/** With which flow the site's calls begin that name none; null: with none. */
export interface DefaultFlow {
  readonly flow: string | null;
}

export async function readDefaultFlow(db: Queryable, siteId: string): Promise<DefaultFlow> {
  const { rows } = await db.query<{ id: string }>(
    'select id from flows where site_id = $1 and is_default',
    [siteId],
  );
  return { flow: rows[0]?.id ?? null };
}

/**
 * Makes a published flow the site's default; null: the site has none. Resolves to null if the flow is not there or was
 * never published. Rejects with `precondition-failed` if another flow is the default than in `version`, the version of
 * the DefaultFlow that the caller has read. To be run in a transaction.
 */
export async function setDefaultFlow(
  tx: Queryable,
  { siteId, id, version }: { siteId: string; id: string | null; version: string },
  { actor, address }: FlowAuthor,
): Promise<AuditReceipt | null> {
  const { rows } = await tx.query<{ id: string; published: boolean; is_default: boolean }>(
    `select id, published_version is not null as published, is_default from flows where site_id = $1
      order by id for update`,
    [siteId],
  );
  if (id !== null && !rows.some((flow) => flow.id === id && flow.published)) {
    return null;
  }
  const before = rows.find((flow) => flow.is_default)?.id ?? null;
  requireVersion({ flow: before } satisfies DefaultFlow, version);
  // First no flow, because the schema allows one at a time.
  await tx.query(
    `update flows set is_default = false, revision = revision + 1
      where site_id = $1 and is_default and id is distinct from $2`,
    [siteId, id],
  );
  await tx.query(
    `update flows set is_default = true, revision = revision + 1
      where site_id = $1 and id = $2 and not is_default`,
    [siteId, id],
  );
  return writeAudit(tx, {
    site: siteId,
    type: 'configuration-changed',
    actor,
    address,
    before: { defaultFlow: before },
    after: { defaultFlow: id },
  });
}
