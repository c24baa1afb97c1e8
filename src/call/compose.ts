/** The one file that names the concrete adapters. Each adapter is a chunk of its own. */
import type { ChatRoom, ChatRoomOptions } from '../chat/chat.ts';
import { Devices } from '../media/devices/devices.ts';
import type { CameraSide } from '../media/local-media.ts';
import type { MeshRoomOptions } from '../media/mesh/room.ts';
import type { MediaRoom, MediaRoomOptions, PreparedMedia } from '../media/media.ts';
import { browserPlatform } from '../platform/browser.ts';
import type { ErrorCode } from '../protocol/errors.ts';
import type { ChatTicket, MediaProvider, MediaTicket } from '../protocol/views.ts';
import { SignalingClient } from '../signaling/signaling-client.ts';
import { asRtcDeskError } from './as-rtc-desk-error.ts';
import type { CallParts, PrepareMediaOptions } from './call-parts.ts';

const loadMesh = () => import('../media/mesh/room.ts');
const loadTrtc = () => import('../media/trtc/prepared.ts');
const loadDeskChat = () => import('../chat/desk/chat.ts');
const loadTimChat = () => import('../chat/tim/chat.ts');

/** The parts of a call in a browser. */
export function browserParts(camera?: CameraSide): CallParts {
  return {
    platform: browserPlatform,
    adapters: { openMedia, openChat, preload, prepareMedia },
    local: new Devices(undefined, camera),
    connect: (options) => new SignalingClient(browserPlatform, options),
  };
}

async function preload(provider: MediaProvider): Promise<void> {
  await Promise.allSettled(
    provider === 'trtc'
      ? [loadTrtc(), loadTimChat()].map(async (adapter) => (await adapter).preload())
      : [loadMesh()],
  );
}

async function prepareMedia({
  iceServers,
  local,
  entry,
}: PrepareMediaOptions): Promise<PreparedMedia | null> {
  try {
    if (!iceServers) return await (await loadTrtc()).prepareTrtc(entry);
    const { makeSpare } = await loadMesh();
    if (!local) return makeSpare(iceServers);
    const { prepareConnection } = await import('../media/mesh/prepared-connection.ts');
    return await prepareConnection({ iceServers, local });
  } catch {
    // The room meets the same failure, and reports it.
    return null;
  }
}

async function openMedia({
  ticket,
  start,
  ...rest
}: MediaRoomOptions<MediaTicket>): Promise<MediaRoom> {
  switch (ticket.provider) {
    case 'mesh': {
      const { MeshRoom } = await loadMesh().catch(failWith('offline'));
      // `prepareMedia` made it: a `spare` or an `preparedConnection`. It is of TRTC if the room has fallen back.
      const prepared = (await start?.prepared) as (PreparedMedia & Partial<MeshRoomOptions>) | null;
      if (prepared?.begin) prepared.close();
      return new MeshRoom({ ...rest, ticket, ...prepared, firstSignal: start?.firstSignal });
    }
    case 'trtc': {
      // A network that blocks the script blocks the cloud; the built-in media may still work there.
      const { openTrtcRoom } = await loadTrtc().catch(failWith('media-blocked'));
      return openTrtcRoom({ ...rest, ticket }, await start?.prepared);
    }
  }
}

async function openChat({ ticket, ...rest }: ChatRoomOptions<ChatTicket>): Promise<ChatRoom> {
  switch (ticket.provider) {
    case 'desk': {
      const { DeskChat } = await loadDeskChat().catch(failWith('offline'));
      return new DeskChat(browserPlatform, rest);
    }
    case 'tim': {
      const { TimChat } = await loadTimChat().catch(failWith('offline'));
      return new TimChat(browserPlatform, { ...rest, ticket });
    }
  }
}

/** The error of a script that could not be fetched. */
function failWith(code: ErrorCode): (error: unknown) => never {
  return (error) => {
    throw asRtcDeskError(error, code);
  };
}
