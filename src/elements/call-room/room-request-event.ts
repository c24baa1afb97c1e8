import type { PictureSize } from '../../call/room-control.ts';

/** What a control wishes; `<call-room>` asks the session, and the next snapshot shows what came of it. */
export type RoomRequest =
  | { readonly ask: 'microphone' | 'camera' | 'screen'; readonly on: boolean }
  | { readonly ask: 'use-camera' | 'use-microphone' | 'use-speaker'; readonly deviceId: string }
  | { readonly ask: 'start-audio' | 'leave' | 'typing' | 'read' }
  | { readonly ask: 'picture-size'; readonly person: string; readonly size: PictureSize }
  | { readonly ask: 'send-text'; readonly text: string }
  | { readonly ask: 'send-image'; readonly image: Blob }
  | { readonly ask: 'retry'; readonly id: string }
  | { readonly ask: 'show-chat'; readonly open: boolean }
  | { readonly ask: 'fullscreen' | 'picture-in-picture' };

/** Cancelled where the session refused at once, so that a field keeps what could not be sent. */
export class RoomRequestEvent extends Event {
  constructor(readonly request: RoomRequest) {
    super('room-request', { bubbles: true, composed: true, cancelable: true });
  }
}

/** Asks on behalf of `element`. Returns whether it was taken. */
export function ask(element: EventTarget, request: RoomRequest): boolean {
  return element.dispatchEvent(new RoomRequestEvent(request));
}

declare global {
  interface GlobalEventHandlersEventMap {
    'room-request': RoomRequestEvent;
  }
}
