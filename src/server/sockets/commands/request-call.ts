import type { CommandOf } from '../../../protocol/client-messages.ts';
import { UNNAMED_VISITOR } from '../../../protocol/end-reasons.ts';
import * as calls from '../../calls/request-call.ts';
import { resumeHash } from '../../calls/resume-call.ts';
import { addressHash } from '../../identity/address-hash.ts';
import { verifyVisitorIdentity } from '../../identity/verify-visitor-identity.ts';
import { takeOverCall } from '../../presence/take-over-call.ts';
import type { NodeContext } from '../node-context.ts';
import { requireViewer, type CommandHandler } from './command-handler.ts';

/** From now on the connection belongs to the call that the resume token opens. */
export const requestCall: CommandHandler<'request-call'> = async (node, connection, command) => {
  const viewer = requireViewer(connection, 'visitor');
  const { database } = node;
  const visitor = await identify(node, viewer.site.id, command);
  const { callId, created } = await calls.requestCall(database, {
    siteId: viewer.site.id,
    skill: command.skill,
    resumeHash: resumeHash(command.resume),
    name: visitor.name,
    externalId: visitor.externalId,
    params: command.params,
    page: withoutQuery(command.page),
    language: command.language,
    addressHash: addressHash(node.key, connection.origin.address),
    connectionId: connection.id,
  });
  if (viewer.callId !== callId) {
    connection.viewer = { ...viewer, callId };
    if (!created) await takeOverCall(database, { callId, connectionId: connection.id });
  }
  return { callId };
};

async function identify(
  { database, key }: NodeContext,
  site: string,
  { identity, name }: CommandOf<'request-call'>,
): Promise<{ readonly externalId: string | null; readonly name: string }> {
  if (identity === undefined) return { externalId: null, name: plainName(name) };
  const verified = await verifyVisitorIdentity(database, key, site, identity);
  return { externalId: verified.id, name: plainName(verified.name) };
}

/** One line of text, without control characters, unpaired surrogates and bidirectional overrides. */
function plainName(name: string | undefined): string {
  const plain = (name ?? '')
    .replace(/[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
  return plain || UNNAMED_VISITOR;
}

/** The address of the page without query and fragment, which may hold what no agent should see. */
function withoutQuery(page: string | undefined): string | null {
  if (page === undefined || !URL.canParse(page)) return null;
  const { protocol, origin, pathname } = new URL(page);
  return protocol === 'https:' || protocol === 'http:' ? origin + pathname : null;
}
