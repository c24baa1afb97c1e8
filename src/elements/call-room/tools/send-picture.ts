import { msg } from '@lit/localize';
import type { ToolContext } from './tool-context.ts';
import { showNote } from './tool-note.ts';

/** Sends a picture into the chat, also if nobody has opened it yet, and says so. */
export async function sendPicture({ host, room }: ToolContext, picture: Blob): Promise<void> {
  await room.openChat();
  room.sendImage(picture);
  showNote(host, msg('The photo is in the chat.'));
}
