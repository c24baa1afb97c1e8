import { Type } from '@sinclair/typebox';
import { Flow } from '../../protocol/flow.ts';
import { closed, Nullable, Slug, type Shape } from '../../protocol/schema.ts';
import type { Queryable } from '../database/database.ts';
import { ms } from '../views/view-columns.ts';

const FlowName = Type.String({ minLength: 1, maxLength: 80 });

export const FlowSummary = closed({
  id: Slug,
  name: FlowName,
  /** Of the draft and what is published. It is the ETag. */
  revision: Type.Integer(),
  publishedVersion: Nullable(Type.Integer()),
  /** Whether new calls that name neither a flow nor a skill begin with it. */
  isDefault: Type.Boolean(),
  changedAt: Type.Number({ description: 'Ms since 1970.' }),
});

/** What an owner writes, exports and imports. */
export const FlowDraft = closed({
  name: FlowName,
  document: Type.Unsafe<Flow>(Flow),
});
export type FlowDraft = { readonly name: string; readonly document: Flow };

export const FlowRecord = closed({
  ...FlowSummary.properties,
  document: Type.Unsafe<Flow>(Type.Unknown({ description: 'The draft, as it was written.' })),
});
export type FlowRecord = Shape<typeof FlowSummary> & { readonly document: Flow };

export const FlowVersionSummary = closed({
  version: Type.Integer(),
  author: Type.String({ description: 'Who published it.' }),
  publishedAt: Type.Number({ description: 'Ms since 1970.' }),
});

const COLUMNS = `
  id, name, revision, published_version as "publishedVersion", is_default as "isDefault",
  ${ms('changed_at')} as "changedAt"`;

export async function listFlows(
  db: Queryable,
  siteId: string,
): Promise<Shape<typeof FlowSummary>[]> {
  const { rows } = await db.query<Shape<typeof FlowSummary>>(
    `select ${COLUMNS} from flows where site_id = $1 order by id`,
    [siteId],
  );
  return rows;
}

/** The flow with its draft; null if the site has no such flow. */
export async function readFlow(
  db: Queryable,
  siteId: string,
  id: string,
): Promise<FlowRecord | null> {
  const { rows } = await db.query<FlowRecord>(
    `select ${COLUMNS}, draft as document from flows where site_id = $1 and id = $2`,
    [siteId, id],
  );
  return rows[0] ?? null;
}

/** The newest first. */
export async function listFlowVersions(
  db: Queryable,
  siteId: string,
  id: string,
): Promise<Shape<typeof FlowVersionSummary>[]> {
  const { rows } = await db.query<Shape<typeof FlowVersionSummary>>(
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
 * Makes a flow, or replaces the draft of one. Resolves to its new revision; null where the flow has another revision by
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
