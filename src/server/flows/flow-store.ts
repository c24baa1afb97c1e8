import type { Flow } from '../../protocol/flow.ts';
import type {
  FlowDraft,
  FlowRecord,
  FlowSummary,
  FlowVersionSummary,
} from '../../protocol/rest/flows.ts';
import {
  paged,
  pageOf,
  pageValues,
  searchPattern,
  type Page,
  type PageRequest,
} from '../configuration/page.ts';
import type { Queryable } from '../database/database.ts';
import { ms } from '../views/view-columns.ts';

/** Where steps are drawn is no difference between a draft and a version. */
const SUMMARY = `
  f.id, f.name, f.revision, f.published_version as "publishedVersion", ${ms('v.published_at')} as "publishedAt",
  v.author as "publishedBy", f.is_default as "isDefault", ${ms('f.changed_at')} as "changedAt",
  f.draft::jsonb - 'layout' is distinct from v.document::jsonb - 'layout' as "draftChanged"`;
const LIST = paged(`
  select ${SUMMARY}, f.id as sort_id,
         case $5 when 'changedAt' then to_char(f.changed_at at time zone 'UTC', 'YYYYMMDDHH24MISSUS')
                 else lower(f.name) end as sort_key
    from flows f
    left join flow_versions v on v.site_id = f.site_id and v.flow_id = f.id and v.version = f.published_version
   where f.site_id = $6 and ($7::text is null or f.name ilike $7 or f.id ilike $7)`);
const ORDER = 'name';
const READ = `
select ${SUMMARY}, f.draft as document from flows f
  left join flow_versions v on v.site_id = f.site_id and v.flow_id = f.id and v.version = f.published_version
 where f.site_id = $1 and f.id = $2`;

export async function listFlows(
  db: Queryable,
  siteId: string,
  request: PageRequest & { readonly q?: string | undefined },
): Promise<Page<FlowSummary>> {
  const { rows } = await db.query<FlowSummary & { sort_key: string; sort_id: string }>(LIST, [
    ...pageValues(request, ORDER),
    siteId,
    searchPattern(request.q),
  ]);
  return pageOf(rows, request, ORDER);
}

/** The flow with its draft; null if the site has no such flow. */
export async function readFlow(
  db: Queryable,
  siteId: string,
  id: string,
): Promise<FlowRecord | null> {
  const { rows } = await db.query<FlowRecord>(READ, [siteId, id]);
  return rows[0] ?? null;
}

/** The newest first. */
export async function listFlowVersions(
  db: Queryable,
  siteId: string,
  id: string,
): Promise<FlowVersionSummary[]> {
  const { rows } = await db.query<FlowVersionSummary>(
    `select version, author, ${ms('published_at')} as "publishedAt" from flow_versions
      where site_id = $1 and flow_id = $2 order by version desc`,
    [siteId, id],
  );
  return rows;
}

/** The document of one version; null if there is no such version. */
export async function readVersionDocument(
  db: Queryable,
  siteId: string,
  id: string,
  version: number,
): Promise<Flow | null> {
  const { rows } = await db.query<{ document: Flow }>(
    'select document from flow_versions where site_id = $1 and flow_id = $2 and version = $3',
    [siteId, id, version],
  );
  return rows[0]?.document ?? null;
}

interface Draft extends FlowDraft {
  readonly siteId: string;
  readonly id: string;
  /** The revision that the writer has read; null: the flow is new. */
  readonly revision: number | null;
}

/** The groups that a flow names. */
export function groupsOfFlow(flow: Flow): readonly string[] {
  return Object.values(flow.nodes).flatMap((step) => {
    if (step.type === 'condition') {
      return step.cases.flatMap((one) => (one.fact === 'wait' ? [one.group] : []));
    }
    return 'group' in step && step.group !== undefined ? [step.group] : [];
  });
}

/**
 * Makes a flow, or replaces the draft of one. Resolves to its new revision; null if the flow has another revision by
 * now, or is there already.
 */
export async function saveDraft(db: Queryable, draft: Draft): Promise<number | null> {
  const { siteId, id, name, document, revision } = draft;
  const values = [siteId, id, name, JSON.stringify(document)];
  const { rows } =
    revision === null
      ? await db.query<{ revision: number }>(
          `insert into flows (site_id, id, name, draft) values ($1, $2, $3, $4)
           on conflict (site_id, id) do nothing returning revision`,
          values,
        )
      : await db.query<{ revision: number }>(
          `update flows set name = $3, draft = $4, revision = revision + 1, changed_at = now()
            where site_id = $1 and id = $2 and revision = $5 returning revision`,
          [...values, revision],
        );
  return rows[0]?.revision ?? null;
}
