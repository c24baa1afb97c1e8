import type { ChatRoom, ChatRoomOptions } from '../chat/chat.ts';
import type { MediaRoom, MediaRoomOptions } from '../media/media.ts';
import type { ChatTicket, MediaProvider, MediaTicket } from '../protocol/views.ts';

/** Makes the adapters that a ticket asks for. `defaults.ts` brings the real ones, a test its own. */
export interface RoomAdapters {
  openMedia(options: MediaRoomOptions<MediaTicket>): Promise<MediaRoom>;
  openChat(options: ChatRoomOptions<ChatTicket>): Promise<ChatRoom>;
  /** Loads ahead what a call will need. Never fails: what did not load is asked for again when needed. */
  preload(provider: MediaProvider): Promise<void>;
}
