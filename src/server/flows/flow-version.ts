import type { Flow } from '../../protocol/flow.ts';
import type { Queryable } from '../database/database.ts';

/** One published version of a flow. */
export interface FlowVersion {
  readonly id: string;
  readonly flowId: string;
  readonly version: number;
  readonly document: Flow;
}

const MAX_KEPT = 100;

/** By id, the one read last at the end. A version never changes, so that it can be kept. */
const kept = new Map<string, FlowVersion>();

/** The version with this id. Rejects if there is none. */
export async function readFlowVersion(db: Queryable, id: string): Promise<FlowVersion> {
  const known = kept.get(id);
  if (known) return known;
  const { rows } = await db.query<FlowVersion>(
    'select id, flow_id as "flowId", version, document from flow_versions where id = $1',
    [id],
  );
  const [read] = rows;
  if (!read) throw new Error('A call names a version of a flow that is not there.');
  kept.set(id, read);
  const [oldest] = kept.keys();
  if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest);
  return read;
}
