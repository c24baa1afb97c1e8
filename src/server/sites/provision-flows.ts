import { isDeepStrictEqual } from 'node:util';
import type { AuditReceipt } from '../audit/write-audit.ts';
import type { Queryable } from '../database/database.ts';
import { readFlow, readVersionDocument, saveDraft } from '../flows/flow-store.ts';
import { ANY_VERSION } from '../configuration/version.ts';
import {
  publishFlow,
  readDefaultFlow,
  setDefaultFlow,
  type FlowAuthor,
} from '../flows/publish-flow.ts';
import type { SiteConfiguration } from '../../protocol/rest/configuration.ts';
import { ProvisionError } from './provision-file.ts';

/** Publishes the flows of the file that differ from what is published. Throws a ProvisionError for one that cannot be. */
export async function writeFlows(
  tx: Queryable,
  { id: siteId, flows, requestHosts }: SiteConfiguration,
  author: FlowAuthor,
): Promise<AuditReceipt[]> {
  const receipts: AuditReceipt[] = [];
  if (requestHosts) {
    await tx.query('update sites set request_hosts = $2 where id = $1', [siteId, requestHosts]);
  }
  for (const { id, name, document } of flows ?? []) {
    const before = await readFlow(tx, siteId, id);
    const version = before?.publishedVersion ?? null;
    const published = version && (await readVersionDocument(tx, siteId, id, version));
    if (before?.name === name && isDeepStrictEqual(published, document)) continue;
    const draft = { siteId, id, name, document, revision: before?.revision ?? null };
    const revision = await saveDraft(tx, draft);
    const done = await publishFlow(tx, { siteId, id }, revision ?? 0, author);
    if (done.outcome === 'faults') {
      const faults = done.faults.map(({ code, node }) =>
        node === null ? code : `${code} at ${node}`,
      );
      throw new ProvisionError(`the flow "${id}" of ${siteId}: ${faults.join(', ')}`);
    }
    if (done.outcome === 'published') receipts.push(done.receipt);
  }
  if (!flows) return receipts;
  const wanted = flows.find((flow) => flow.default)?.id ?? null;
  if ((await readDefaultFlow(tx, siteId)).flow === wanted) return receipts;
  const receipt = await setDefaultFlow(tx, { siteId, id: wanted, version: ANY_VERSION }, author);
  return receipt ? [...receipts, receipt] : receipts;
}
