import type { ChatServer } from '../../chat/chat.ts';
import type { Cancellation } from '../../platform/cancellation.ts';
import type { Platform } from '../../platform/platform.ts';
import type { Signaling } from '../../signaling/signaling.ts';
import { asRtcDeskError } from '../as-rtc-desk-error.ts';
import type { RoomLink } from './link.ts';
import type { RoomPictures } from './pictures.ts';

export interface ChatServerOptions {
  readonly platform: Platform;
  /** The desk's address, which serves the pictures. */
  readonly server: string;
  readonly room: number;
  /** The newest bearer for pictures. */
  readonly token: () => string;
  readonly signaling: Signaling;
  readonly link: RoomLink;
  /** Cancelled when the room is left. */
  readonly left: Cancellation;
}

/** What a chat asks of the desk, for one participant of one room. */
export function chatServer(options: ChatServerOptions): ChatServer {
  const { room, signaling, link } = options;
  const pictures = async (): Promise<RoomPictures> => {
    try {
      const { RoomPictures } = await import('./pictures.ts');
      return new RoomPictures(options);
    } catch (error) {
      throw asRtcDeskError(error, 'offline');
    }
  };
  return {
    send: (draft) => link.request<'chat-send'>({ type: 'chat-send', room, ...draft }),
    history: async (after) =>
      (await link.request<'chat-history'>({ type: 'chat-history', room, after })).messages,
    read: async (sequence) => {
      await link.request<'chat-read'>({ type: 'chat-read', room, sequence });
    },
    typing: () => void signaling.notify({ type: 'typing', room }),
    upload: async (image) => (await pictures()).upload(image),
    download: async (id) => (await pictures()).download(id),
  };
}
