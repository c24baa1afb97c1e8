/** The one place that names the real parts: adapters by the ticket's provider, each a chunk of its own. */
import type { ChatRoom, ChatRoomOptions } from '../chat/chat.ts';
import { Devices } from '../media/devices.ts';
import type { MediaRoom, MediaRoomOptions } from '../media/media.ts';
import type { ChatTicket, MediaProvider, MediaTicket } from '../protocol/views.ts';
import { SignalingClient } from '../signaling/signaling-client.ts';
import { systemClock } from '../snapshot/clock.ts';
import type { CallParts } from './call-parts.ts';
import { reach } from './reach.ts';
import type { RoomAdapters } from './room-adapters.ts';

const loadPeer = () => import('../media/peer.ts');
const loadTrtc = () => import('../media/trtc.ts');
const loadDeskChat = () => import('../chat/desk-chat.ts');
const loadTimChat = () => import('../chat/tim.ts');

/** Loads ahead what a call will need. Never fails: what did not load is asked for again when needed. */
async function preload(provider: MediaProvider): Promise<void> {
  await Promise.allSettled(
    provider === 'trtc'
      ? [loadTrtc(), loadTimChat()].map(async (adapter) => (await adapter).preload())
      : [loadPeer(), loadDeskChat()],
  );
}

/** What a call in a browser is built from; `create-*.ts` build one for each role. */
export function defaultParts(): CallParts {
  return {
    adapters,
    local: new Devices(),
    clock: systemClock,
    connect: (options) => new SignalingClient(options),
  };
}

const adapters: RoomAdapters = { openMedia, openChat, preload };

async function openMedia({ ticket, ...rest }: MediaRoomOptions<MediaTicket>): Promise<MediaRoom> {
  switch (ticket.provider) {
    case 'peer': {
      const { PeerRoom } = await reach(loadPeer());
      return new PeerRoom({ ...rest, ticket });
    }
    case 'trtc': {
      // What does not load is what a network blocks: the built-in media may come through.
      const { TrtcRoom } = await reach(loadTrtc(), 'media-blocked');
      return new TrtcRoom({ ...rest, ticket });
    }
  }
}

async function openChat({ ticket, ...rest }: ChatRoomOptions<ChatTicket>): Promise<ChatRoom> {
  switch (ticket.provider) {
    case 'desk': {
      const { DeskChat } = await reach(loadDeskChat());
      return new DeskChat(rest);
    }
    case 'tim': {
      const { TimChat } = await reach(loadTimChat());
      return new TimChat({ ...rest, ticket });
    }
  }
}
