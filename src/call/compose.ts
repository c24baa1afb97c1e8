/** The one file that names the concrete adapters. Each adapter is a chunk of its own. */
import type { ChatRoom, ChatRoomOptions } from '../chat/chat.ts';
import { Devices } from '../media/devices/devices.ts';
import type { MediaRoom, MediaRoomOptions } from '../media/media.ts';
import type { ErrorCode } from '../protocol/errors.ts';
import type { ChatTicket, MediaProvider, MediaTicket } from '../protocol/views.ts';
import { SignalingClient } from '../signaling/signaling-client.ts';
import { systemClock } from '../platform/clock.ts';
import { asRtcDeskError } from './as-rtc-desk-error.ts';
import type { CallParts, RoomAdapters } from './call-parts.ts';

const loadMesh = () => import('../media/mesh/room.ts');
const loadTrtc = () => import('../media/trtc/room.ts');
const loadDeskChat = () => import('../chat/desk/chat.ts');
const loadTimChat = () => import('../chat/tim/chat.ts');

/** Loads ahead what a call will need. Never fails: what did not load is asked for again when needed. */
async function preload(provider: MediaProvider): Promise<void> {
  await Promise.allSettled(
    provider === 'trtc'
      ? [loadTrtc(), loadTimChat()].map(async (adapter) => (await adapter).preload())
      : [loadMesh(), loadDeskChat()],
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
      const { MeshRoom } = await orFail(loadMesh(), 'offline');
      return new MeshRoom({ ...rest, ticket });
    }
    case 'trtc': {
      // What does not load is what a network blocks: the built-in media may come through.
      const { TrtcRoom } = await orFail(loadTrtc(), 'media-blocked');
      return new TrtcRoom({ ...rest, ticket });
    }
  }
}

async function openChat({ ticket, ...rest }: ChatRoomOptions<ChatTicket>): Promise<ChatRoom> {
  switch (ticket.provider) {
    case 'desk': {
      const { DeskChat } = await orFail(loadDeskChat(), 'offline');
      return new DeskChat(rest);
    }
    case 'tim': {
      const { TimChat } = await orFail(loadTimChat(), 'offline');
      return new TimChat({ ...rest, ticket });
    }
  }
}

/** Rejects with `code` where a script could not be fetched. */
async function orFail<M>(loading: Promise<M>, code: ErrorCode): Promise<M> {
  try {
    return await loading;
  } catch (error) {
    throw asRtcDeskError(error, code);
  }
}
