import { RtcDeskError } from '../../../protocol/errors.ts';
import { fallBack } from '../../rooms/fall-back.ts';
import type { Join } from '../../rooms/tickets.ts';
import { JOIN, ms } from '../../database/view-columns.ts';
import type { Handler } from './handler.ts';
import { requireOwnJoin } from './own-room.ts';

/** Of an agent's tabs only the one that has the join, or is to have it, is shown its ticket. */
const LIVE_JOIN = `
  select ${JOIN} as join, ${ms('clock_timestamp()')} as now,
         p.role <> 'agent' or exists (
           select from connections x where x.id = $3 and (x.in_charge or x.id = p.connection_id)) as own
    from participants p join rooms r on r.number = p.room
   where p.id = $1 and p.room = $2 and p.left_at is null and r.closed_at is null`;

interface LiveJoin {
  readonly join: Join;
  readonly now: number;
  readonly own: boolean;
}

export const renewOwnTicket: Handler<'renew-ticket'> = async (node, connection, command) => {
  const { room, participant } = command;
  await requireOwnJoin(node.database, connection, { room, participant });
  const { rows } = await node.database.query<LiveJoin>(LIVE_JOIN, [
    participant,
    room,
    connection.id,
  ]);
  const live = rows[0];
  if (!live) throw new RtcDeskError('conflict', 'This join no longer counts.');
  if (!live.own) throw new RtcDeskError('forbidden', 'Another tab is in this room.');
  return node.tickets.renew(live.join, live.now);
};

export const leaveOwnMedia: Handler<'fall-back'> = async (node, connection, command) => {
  const { room, participant } = command;
  await requireOwnJoin(node.database, connection, { room, participant });
  await fallBack(node.database, { room, participant });
  return null;
};
