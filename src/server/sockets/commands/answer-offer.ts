import type { CommandValues } from '../../../protocol/client-messages.ts';
import { RtcDeskError } from '../../../protocol/errors.ts';
import type { Queryable } from '../../database/database.ts';
import { acceptOffer } from '../../legs/accept-offer.ts';
import { declineOffer } from '../../legs/decline-offer.ts';
import type { Handler } from './handler.ts';
import { viewerOf } from './viewer-of.ts';

interface OfferRow {
  readonly state: 'active' | 'accepted' | 'declined' | 'missed' | 'withdrawn';
  readonly callId: string;
  /** The room, while this agent has the call. */
  readonly room: number | null;
}

/** An accept whose result was lost comes again: it is answered as the first was, while the call is the agent's. */
export const acceptOwnOffer: Handler<'accept-offer'> = async (node, connection, { offerId }) => {
  const { agentId } = viewerOf(connection, 'agent');
  try {
    const { callId, room } = await acceptOffer(node.database, {
      offerId,
      agentId,
      connectionId: connection.id,
      media: node.media,
    });
    return { callId, room };
  } catch (error) {
    // Of the agent's two tabs that accept in the same moment the slower one has the call as well.
    const answered = alreadyAccepted(await requireOwnOffer(node.database, offerId, agentId));
    if (answered) return answered;
    throw error;
  }
};

export const declineOwnOffer: Handler<'decline-offer'> = async (node, connection, { offerId }) => {
  const { agentId } = viewerOf(connection, 'agent');
  const { state } = await requireOwnOffer(node.database, offerId, agentId);
  if (state !== 'declined') await declineOffer(node.database, { offerId, agentId });
  return null;
};

async function requireOwnOffer(db: Queryable, offerId: string, agentId: string): Promise<OfferRow> {
  const { rows } = await db.query<OfferRow>(
    `select o.state, o.call_id as "callId",
            case when c.agent_id = o.agent_id and c.state in ('accepted', 'ready', 'connected')
                 then c.room end as room
       from offers o join calls c on c.id = o.call_id
      where o.id = $1 and o.agent_id = $2`,
    [offerId, agentId],
  );
  if (!rows[0]) throw new RtcDeskError('forbidden', 'This offer was not made to you.');
  return rows[0];
}

function alreadyAccepted({ state, callId, room }: OfferRow): CommandValues['accept-offer'] | null {
  return state === 'accepted' && room !== null ? { callId, room } : null;
}
