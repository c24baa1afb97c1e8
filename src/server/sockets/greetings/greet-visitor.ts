import type { VisitorHello } from '../../../protocol/client-messages.ts';
import { issueParticipant } from '../../rooms/issue-participant.ts';
import { openConnection } from '../../presence/open-connection.ts';
import { mediaOf } from '../../rooms/room-media.ts';
import { resumeCall } from '../../calls/resume-call.ts';
import type { Connection } from '../connection.ts';
import type { NodeContext } from '../node-context.ts';
import { resumeHash } from '../resume-hash.ts';
import type { VisitorViewer } from '../viewer.ts';
import { admit } from './admit.ts';
import { joinAnew } from './join-anew.ts';
import { readSite } from './read-site.ts';

/**
 * Rejects with `unknown-site`, `origin-not-allowed`, `rate-limited`. A resume token that opens nothing is
 * no error.
 */
export async function greetVisitor(
  node: NodeContext,
  connection: Connection,
  { site: siteId, resume, fresh }: VisitorHello,
): Promise<VisitorViewer> {
  const { database, nodeId, media } = node;
  const site = await readSite(database, siteId);
  admit(node, connection, site);
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
