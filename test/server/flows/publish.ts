import type { Flow } from '../../../src/protocol/flow.ts';
import type { Database } from '../../../src/server/database/database.ts';
import { saveDraft } from '../../../src/server/flows/flow-store.ts';
import { publishFlow, type Publication } from '../../../src/server/flows/publish-flow.ts';

const author = { actor: { kind: 'system' }, name: 'test', address: null } as const;

/** Stores a document as the draft of a flow of the site `shop`, and publishes it. */
export async function publish(db: Database, id: string, document: Flow): Promise<Publication> {
  const { rows } = await db.query<{ revision: number }>(
    `select revision from flows where site_id = 'shop' and id = $1`,
    [id],
  );
  const draft = { siteId: 'shop', id, name: id, document };
  const revision = await saveDraft(db, { ...draft, revision: rows[0]?.revision ?? null });
  return db.transaction((tx) => publishFlow(tx, { siteId: 'shop', id }, revision ?? 0, author));
}
