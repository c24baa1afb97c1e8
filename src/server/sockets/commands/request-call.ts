import type { CommandOf } from '../../../protocol/client-messages.ts';
import { UNNAMED_VISITOR } from '../../../protocol/end-reasons.ts';
import { pageAddress } from '../../calls/page-address.ts';
import * as calls from '../../calls/request-call.ts';
import { resumeHash } from '../../calls/resume-call.ts';
import { beginFlow, type BegunCall } from '../../flows/begin-flow.ts';
import { passesChallenge } from '../../challenges/passes-challenge.ts';
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
  const hash = resumeHash(command.resume);
  const challengePassed =
    command.challenge !== undefined &&
    visitor.externalId === null &&
    (await passesChallenge(node, viewer.site.id, {
      answer: command.challenge,
      requestId: uuidOf(hash),
    }));
  const request = {
    siteId: viewer.site.id,
    resumeHash: hash,
    name: visitor.name,
    externalId: visitor.externalId,
    params: command.params,
    page: pageAddress(command.page),
    language: command.language,
    challengePassed,
    consent: command.consent,
    addressHash: addressHash(node.key, connection.origin.address),
    connectionId: connection.id,
  };
  const flow = command.skill === undefined ? (command.flow ?? viewer.defaultFlow) : null;
  const begun: calls.RequestedCall & Partial<BegunCall> =
    flow === null
      ? await calls.requestCall(database, { ...request, skill: command.skill })
      : await beginFlow(database, { ...request, flow });
  const { callId, created } = begun;
  if (viewer.callId !== callId) {
    connection.viewer = { ...viewer, callId };
    if (!created) await takeOverCall(database, { callId, connectionId: connection.id });
  }
  if (typeof begun.request === 'string') node.requestForFlow(callId, begun.request);
  return { callId };
};

/** The same UUID for the same resume token, so that a request that is sent again passes the challenge again. */
function uuidOf(hash: Buffer): string {
  const hex = hash.toString('hex', 0, 16);
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-8$4-$5');
}

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
