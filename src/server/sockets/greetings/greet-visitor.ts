import type { VisitorHello } from '../../../protocol/client-messages.ts';
import { RtcDeskError } from '../../../protocol/errors.ts';
import { issueParticipant } from '../../queue/issue-participant.ts';
import { openConnection } from '../../queue/open-connection.ts';
import { mediaOf } from '../../queue/room-media.ts';
import { resumeCall } from '../../queue/resume-call.ts';
import { isAllowedOrigin } from '../allowed-origin.ts';
import type { Connection } from '../connection.ts';
import type { NodeContext } from '../node-context.ts';
import { resumeHash } from '../resume-hash.ts';
import type { VisitorViewer } from '../viewer.ts';
import { joinAnew } from './join-anew.ts';
import { readSite } from './read-site.ts';

/** Rejects with `unknown-site`, `origin-not-allowed`. A resume token that opens nothing is no error. */
export async function greetVisitor(
  { database, nodeId, media }: NodeContext,
  connection: Connection,
  { site: siteId, resume, fresh }: VisitorHello,
): Promise<VisitorViewer> {
  const site = await readSite(database, siteId);
  if (!isAllowedOrigin(connection.from, site.origins)) {
    throw new RtcDeskError('origin-not-allowed', 'This page’s origin is not on the site’s list.');
  }
  const call =
    resume === undefined
      ? null
      : await resumeCall(database, { siteId: site.id, resumeHash: resumeHash(resume) });
  await openConnection(database, {
    id: connection.id,
    nodeId,
    role: 'visitor',
    siteId: site.id,
    callId: call?.callId ?? null,
    participantId: fresh ? null : (call?.participant ?? null),
  });
  const room = call?.room ?? null;
  if (fresh && room !== null) {
    await joinAnew(() => issueParticipant(database, { room, joiner: { role: 'visitor' } }));
  }
  return {
    role: 'visitor',
    site: { id: site.id, name: site.name, media: mediaOf(site.media, media) },
    callId: call?.callId ?? null,
  };
}
