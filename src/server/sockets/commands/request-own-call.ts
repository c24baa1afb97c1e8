import type { CommandOf } from '../../../protocol/client-messages.ts';
import { NAMELESS } from '../../../protocol/views.ts';
import type { Database } from '../../database/database.ts';
import { verifyVisitorIdentity } from '../../identity/verify-visitor-identity.ts';
import { requestCall } from '../../calls/request-call.ts';
import { addressHash } from '../../identity/address-hash.ts';
import type { NodeContext } from '../node-context.ts';
import { resumeHash } from '../resume-hash.ts';
import type { Handler } from './handler.ts';
import { viewerOf } from './viewer-of.ts';

/** From now on this connection is that of the call which the resume token opens. */
export const requestOwnCall: Handler<'request-call'> = async (node, connection, command) => {
  const viewer = viewerOf(connection, 'visitor');
  const person = await identify(node, viewer.site.id, command);
  const { callId, created } = await requestCall(node.database, {
    siteId: viewer.site.id,
    skill: command.skill,
    resumeHash: resumeHash(command.resume),
    name: person.name,
    visitorId: person.id,
    params: command.params,
    page: withoutQuery(command.page),
    language: command.language,
    caller: addressHash(node.key, connection.from.address),
    connectionId: connection.id,
  });
  if (viewer.callId !== callId) {
    connection.viewer = { ...viewer, callId };
    if (!created) await becomeNewest(node.database, connection.id, callId);
  }
  node.refresh(connection);
  return { callId };
};

/** The call was here before: this socket takes it over from the one that had it, however old either is. */
async function becomeNewest(db: Database, connection: string, callId: string): Promise<void> {
  await db.query('update connections set connected_at = clock_timestamp() where id = $1', [
    connection,
  ]);
  db.wake.notify(`call:${callId}`);
}

async function identify(
  { database, key }: NodeContext,
  site: string,
  { identity, name }: CommandOf<'request-call'>,
): Promise<{ readonly id: string | null; readonly name: string }> {
  if (identity === undefined) return { id: null, name: plainName(name) };
  const verified = await verifyVisitorIdentity(database, key, site, identity);
  return { id: verified.id, name: plainName(verified.name) };
}

/** A name is one line of text: control characters, halves of surrogate pairs and bidirectional
 * overrides are left out. */
function plainName(name: string | undefined): string {
  const plain = (name ?? '')
    .replace(/[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
  return plain || NAMELESS;
}

/** The page's address without query and fragment, which may hold what is no agent's business. */
function withoutQuery(page: string | undefined): string | null {
  if (page === undefined || !URL.canParse(page)) return null;
  const { protocol, origin, pathname } = new URL(page);
  return protocol === 'https:' || protocol === 'http:' ? origin + pathname : null;
}
