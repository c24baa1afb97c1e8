/** The one place that names the real parts: adapters by the ticket's provider, each a chunk of its own. */
import type { ChatRoom, ChatRoomOptions } from '../chat/chat.ts';
import { Devices } from '../media/devices.ts';
import type { MediaRoom, MediaRoomOptions } from '../media/media.ts';
import { RtcDeskError } from '../protocol/errors.ts';
import type { ChatTicket, MediaTicket } from '../protocol/views.ts';
import { SignalingClient } from '../signaling/signaling-client.ts';
import { systemClock } from '../snapshot/clock.ts';
import type { AgentDeskControl } from './agent-desk-control.ts';
import { AgentDesk } from './agent-desk.ts';
import type { CallParts } from './call-parts.ts';
import { GuestRoom } from './guest-room.ts';
import type { RoomAdapters } from './room-adapters.ts';
import type { RoomControl } from './room-control.ts';
import type { VisitorCallControl, VisitorCallOptions } from './visitor-call-control.ts';
import { VisitorCall } from './visitor-call.ts';

const loadPeer = () => import('../media/peer.ts');
const loadDeskChat = () => import('../chat/desk-chat.ts');

/** A call of one visitor on one page. Throws a TypeError where `server` is no address. */
export function createVisitorCall(options: VisitorCallOptions): VisitorCallControl {
  return new VisitorCall(options, parts());
}

/** An agent's desk in one tab; `signIn` or `resume` begins. */
export function createAgentDesk(options: { readonly server: string }): AgentDeskControl {
  return new AgentDesk(options, parts());
}

/** Begins to join at once; `token` is from `POST /api/v1/rooms/{number}/tokens`. */
export function createGuestRoom(options: {
  readonly server: string;
  readonly token: string;
}): RoomControl {
  const room = new GuestRoom(options, parts());
  room.join();
  return room;
}

/** Loads ahead what a call will need. Never fails: what did not load is asked for again when needed. */
export async function preloadCall(): Promise<void> {
  await Promise.allSettled([loadPeer(), loadDeskChat()]);
}

function parts(): CallParts {
  return {
    adapters,
    local: new Devices(),
    clock: systemClock,
    connect: (options) => new SignalingClient(options),
  };
}

const adapters: RoomAdapters = { openMedia, openChat, preload: preloadCall };

async function openMedia({ ticket, ...rest }: MediaRoomOptions<MediaTicket>): Promise<MediaRoom> {
  switch (ticket.provider) {
    case 'peer': {
      const { PeerRoom } = await reach(loadPeer());
      return new PeerRoom({ ...rest, ticket });
    }
    default:
      throw new RtcDeskError('media-failed', `no media adapter for ${ticket.provider}`);
  }
}

async function openChat({ ticket, ...rest }: ChatRoomOptions<ChatTicket>): Promise<ChatRoom> {
  switch (ticket.provider) {
    case 'desk': {
      const { DeskChat } = await reach(loadDeskChat());
      return new DeskChat({ ...rest, ticket });
    }
    default:
      throw new RtcDeskError('media-failed', `no chat adapter for ${ticket.provider}`);
  }
}

/** A script that cannot be fetched is a network that cannot be reached. */
async function reach<M>(loading: Promise<M>): Promise<M> {
  try {
    return await loading;
  } catch (error) {
    throw new RtcDeskError('offline', 'a part of the page did not load', { cause: error });
  }
}
