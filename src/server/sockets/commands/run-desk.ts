import type { Queryable } from '../../database/database.ts';
import { finishWrapUp } from '../../legs/finish-wrap-up.ts';
import { issueParticipant } from '../../rooms/issue-participant.ts';
import { setStatus } from '../../agents/set-status.ts';
import { takeCharge } from '../../agents/activate-tab.ts';
import { joinAnew } from '../greetings/join-anew.ts';
import { roomToRejoin } from '../greetings/room-to-rejoin.ts';
import type { Handler } from './handler.ts';
import { viewerOf } from './viewer-of.ts';

export const chooseStatus: Handler<'set-status'> = async (node, connection, { status }) => {
  const { agentId } = viewerOf(connection, 'agent');
  await setStatus(node.database, { agentId, status, connectionId: connection.id });
  return null;
};

/** Of a wrap-up that is over, or somebody else's: does nothing, since only the agent's own row is touched. */
export const endWrapUp: Handler<'finish-wrap-up'> = async (node, connection, { callId }) => {
  const { agentId } = viewerOf(connection, 'agent');
  await finishWrapUp(node.database, { agentId, callId });
  return null;
};

/** The call comes here as a join of its own; the one of the tab that had it is marked left. */
export const moveChargeHere: Handler<'take-charge'> = async (node, connection) => {
  const { agentId } = viewerOf(connection, 'agent');
  const { database } = node;
  if (await isInCharge(database, connection.id)) return null;
  await takeCharge(database, { agentId, connectionId: connection.id });
  const room = await roomToRejoin(database, connection.id);
  if (room !== null) {
    await joinAnew(() => issueParticipant(database, { room, joiner: { role: 'agent', agentId } }));
  }
  return null;
};

async function isInCharge(db: Queryable, connection: string): Promise<boolean> {
  const { rowCount } = await db.query('select from connections where id = $1 and in_charge', [
    connection,
  ]);
  return rowCount > 0;
}
