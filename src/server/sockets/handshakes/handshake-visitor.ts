import type { VisitorHello } from '../../../protocol/client-messages.ts';
import { RtcDeskError } from '../../../protocol/errors.ts';
import { readCallbackCode } from '../../callbacks/callback-code.ts';
import { returnToCall } from '../../calls/leave-call.ts';
import { resumeCall, resumeHash } from '../../calls/resume-call.ts';
import { isHandedOver } from '../../hand-overs/is-handed-over.ts';
import { openConnection } from '../../presence/open-connection.ts';
import { mediaOf } from '../../rooms/room-media.ts';
import { readSite } from '../../sites/read-site.ts';
import type { Connection } from '../connection.ts';
import type { NodeContext } from '../node-context.ts';
import { rejoinRoom } from '../rejoin-rooms.ts';
import type { VisitorViewer } from '../viewer.ts';
import { requireSiteAccess } from './require-site-access.ts';

/**
 * Rejects with `unknown-site`, `origin-not-allowed`, `rate-limited`, and with `handed-over` for the token of a device that
 * has handed its call over. Any other resume token without a call is no error.
 */
export async function handshakeVisitor(
  node: NodeContext,
  connection: Connection,
  { site: siteId, resume, fresh }: VisitorHello,
): Promise<VisitorViewer> {
  const { database, nodeId, media } = node;
  const site = await readSite(database, siteId);
  requireSiteAccess(node, connection, site);
  const token =
    resume === undefined
      ? null
      : {
          siteId: site.id,
          resumeHash: resumeHash(resume),
          callbackId: readCallbackCode(node.key, resume),
        };
  const call = token && (await resumeCall(database, token));
  if (token && !call && (await isHandedOver(database, token))) {
    throw new RtcDeskError('handed-over', 'The call goes on on another device.');
  }
  await openConnection(database, {
    id: connection.id,
    nodeId,
    role: 'visitor',
    siteId: site.id,
    callId: call?.callId ?? null,
    participantId: fresh ? null : (call?.participant ?? null),
  });
  if (fresh && call && call.room !== null) {
    await returnToCall(database, call.callId);
    await rejoinRoom(database, call.room, { role: 'visitor', callId: call.callId });
  }
  return {
    role: 'visitor',
    site: {
      id: site.id,
      name: site.name,
      media: mediaOf(site.media, media),
      ...(site.challenge && { challenge: site.challenge }),
      ...(site.consent && { consent: site.consent }),
    },
    callId: call?.callId ?? null,
    defaultFlow: site.default_flow,
  };
}
