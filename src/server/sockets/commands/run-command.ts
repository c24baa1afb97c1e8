import type { Command, CommandType } from '../../../protocol/client-messages.ts';
import { RtcDeskError } from '../../../protocol/errors.ts';
import type { Connection } from '../connection.ts';
import type { NodeContext } from '../node-context.ts';
import type { Viewer } from '../viewer.ts';
import { acceptOffer } from './accept-offer.ts';
import { activateTab } from './activate-tab.ts';
import { chatHistory } from './chat-history.ts';
import { chatRead } from './chat-read.ts';
import { chatSend } from './chat-send.ts';
import type { CommandHandler } from './command-handler.ts';
import { declineOffer } from './decline-offer.ts';
import { endCall } from './end-call.ts';
import { enterRoom } from './enter-room.ts';
import { fallBack } from './fall-back.ts';
import { finishWrapUp } from './finish-wrap-up.ts';
import { leaveRoom } from './leave-room.ts';
import { renewTicket } from './renew-ticket.ts';
import { renewToken } from './renew-token.ts';
import { requestCall } from './request-call.ts';
import { setStatus } from './set-status.ts';

const EVERYBODY = ['visitor', 'agent', 'guest'] as const;

/** Who may send each command, and what carries it out. The handler checks whose call, leg or room it is. */
const COMMANDS: {
  readonly [T in CommandType]: {
    readonly roles: readonly Viewer['role'][];
    readonly handle: CommandHandler<T>;
  };
} = {
  'request-call': { roles: ['visitor'], handle: requestCall },
  'end-call': { roles: ['visitor', 'agent'], handle: endCall },
  'set-status': { roles: ['agent'], handle: setStatus },
  'accept-offer': { roles: ['agent'], handle: acceptOffer },
  'decline-offer': { roles: ['agent'], handle: declineOffer },
  'finish-wrap-up': { roles: ['agent'], handle: finishWrapUp },
  'activate-tab': { roles: ['agent'], handle: activateTab },
  'enter-room': { roles: EVERYBODY, handle: enterRoom },
  'leave-room': { roles: EVERYBODY, handle: leaveRoom },
  'renew-ticket': { roles: EVERYBODY, handle: renewTicket },
  'renew-token': { roles: ['agent'], handle: renewToken },
  'fall-back': { roles: EVERYBODY, handle: fallBack },
  'chat-send': { roles: EVERYBODY, handle: chatSend },
  'chat-history': { roles: EVERYBODY, handle: chatHistory },
  'chat-read': { roles: EVERYBODY, handle: chatRead },
};

/** Rejects with `forbidden` where the connection's role has no such command. */
export async function runCommand(
  node: NodeContext,
  connection: Connection,
  command: Command,
): Promise<unknown> {
  const { roles, handle } = COMMANDS[command.type];
  const role = connection.viewer?.role;
  if (!role || !roles.includes(role)) {
    throw new RtcDeskError('forbidden', 'This command is not yours.');
  }
  return (handle as CommandHandler<CommandType>)(node, connection, command);
}
