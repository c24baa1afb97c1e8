import type { ChatRoom, ChatRoomOptions } from '../chat/chat.ts';
import type { LocalMedia } from '../media/local-media.ts';
import type { MediaRoom, MediaRoomOptions, PreparedMedia } from '../media/media.ts';
import type { Platform } from '../platform/platform.ts';
import type {
  ChatTicket,
  IceServer,
  MediaProvider,
  MediaTicket,
  Ticket,
  View,
} from '../protocol/views.ts';
import type { Signaling, SignalingOptions } from '../signaling/signaling.ts';

/** Makes the adapters that a ticket names. */
export interface RoomAdapters {
  openMedia(options: MediaRoomOptions<MediaTicket>): Promise<MediaRoom>;
  openChat(options: ChatRoomOptions<ChatTicket>): Promise<ChatRoom>;
  /** Loads ahead what a call will need. Never fails: a script that did not load is requested again when needed. */
  preload(provider: MediaProvider): Promise<void>;
  /** Loads and prepares the media of a call. Null if nothing can be prepared. Never fails. */
  prepareMedia(options: PrepareMediaOptions): Promise<PreparedMedia | null>;
}

export interface PrepareMediaOptions {
  /** For the built-in media. Without them the media of TRTC are prepared. */
  readonly iceServers?: readonly IceServer[] | undefined;
  /** For TRTC: the room that can be entered at once, and the devices as that room sees them. */
  readonly entry?: { readonly ticket: Ticket; readonly local: LocalMedia };
  /** Of the one who invites the other: the prepared media have a `firstSignal`. */
  readonly local?: LocalMedia;
}

/** What a call is built from. `compose.ts` makes the real parts; a test makes its own. */
export interface CallParts {
  readonly platform: Platform;
  readonly adapters: RoomAdapters;
  readonly local: LocalMedia;
  connect<V extends View>(options: SignalingOptions): Signaling<V>;
}
