import type { Command, CommandType } from '../../../protocol/client-messages.ts';
import { RtcDeskError } from '../../../protocol/errors.ts';
import type { Connection } from '../connection.ts';
import type { NodeContext } from '../node-context.ts';
import type { Viewer } from '../viewer.ts';
import { acceptOwnOffer, declineOwnOffer } from './accept-offer.ts';
import { endOwnCall } from './end-call.ts';
import type { Handler } from './command-handler.ts';
import { leaveOwnMedia, renewOwnTicket } from './renew-ticket.ts';
import { enterOwnRoom, leaveOwnRoom } from './enter-room.ts';
import { chooseStatus, endWrapUp, moveChargeHere } from './activate-tab.ts';
import { requestOwnCall } from './request-call.ts';
import { readChat, sendChat, showChat } from './chat-send.ts';

const handlers: { readonly [T in CommandType]: Handler<T> } = {
  'request-call': requestOwnCall,
  'end-call': endOwnCall,
  'set-status': chooseStatus,
  'accept-offer': acceptOwnOffer,
  'decline-offer': declineOwnOffer,
  'finish-wrap-up': endWrapUp,
  'take-charge': moveChargeHere,
  'enter-room': enterOwnRoom,
  'leave-room': leaveOwnRoom,
  'renew-ticket': renewOwnTicket,
  'fall-back': leaveOwnMedia,
  'chat-send': sendChat,
  'chat-history': showChat,
  'chat-read': readChat,
};

const ROLES: { readonly [T in CommandType]: readonly Viewer['role'][] } = {
  'request-call': ['visitor'],
  'end-call': ['visitor', 'agent'],
  'set-status': ['agent'],
  'accept-offer': ['agent'],
  'decline-offer': ['agent'],
  'finish-wrap-up': ['agent'],
  'take-charge': ['agent'],
  'enter-room': ['visitor', 'agent', 'guest'],
  'leave-room': ['visitor', 'agent', 'guest'],
  'renew-ticket': ['visitor', 'agent', 'guest'],
  'fall-back': ['visitor', 'agent', 'guest'],
  'chat-send': ['visitor', 'agent', 'guest'],
  'chat-history': ['visitor', 'agent', 'guest'],
  'chat-read': ['visitor', 'agent', 'guest'],
};

/** Rejects with `forbidden` where this role has no such command; the row decides about the rest. */
export async function runCommand(
  node: NodeContext,
  connection: Connection,
  command: Command,
): Promise<unknown> {
  const role = connection.viewer?.role;
  if (!role || !ROLES[command.type].includes(role)) {
    throw new RtcDeskError('forbidden', 'This command is not yours.');
  }
  const handle = handlers[command.type] as Handler<CommandType>;
  return handle(node, connection, command);
}
