import { msg } from '@lit/localize';
import type { RoomControl } from '../../../call/room-control.ts';
import type { ToolContext } from './tool-context.ts';
import { showNote } from './tool-note.ts';

/** Sends a picture into the chat, also if nobody has opened it yet, and says so. */
export async function sendPicture({ host, room }: ToolContext, picture: Blob): Promise<void> {
  room.openChat();
  await chatLoaded(room);
  room.sendImage(picture);
  showNote(host, msg('The photo is in the chat.'));
}

/** Resolves when the chat takes messages, or never will. */
function chatLoaded(room: RoomControl): Promise<void> {
  return new Promise((resolve) => {
    const check = () => {
      const { chat, state } = room.getSnapshot();
      if (chat.state === 'connecting' && state !== 'left' && state !== 'failed') return;
      unsubscribe();
      resolve();
    };
    const unsubscribe = room.subscribe(check);
    check();
  });
}
