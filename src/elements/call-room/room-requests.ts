import type { PictureSize, RoomControl } from '../../call/room-control.ts';

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

type SessionRequest = Exclude<
  RoomRequest,
  { ask: 'show-chat' | 'fullscreen' | 'picture-in-picture' }
>;

/** Hands a wish to the session. Throws, or rejects, with the session's RtcDeskError. */
export function askSession(session: RoomControl, request: SessionRequest): Promise<void> | void {
  switch (request.ask) {
    case 'microphone':
      return session.setMicrophoneOn(request.on);
    case 'camera':
      return session.setCameraOn(request.on);
    case 'screen':
      return request.on ? session.startScreen() : session.stopScreen();
    case 'use-camera':
      return session.useCamera(request.deviceId);
    case 'use-microphone':
      return session.useMicrophone(request.deviceId);
    case 'use-speaker':
      return session.useSpeaker(request.deviceId);
    case 'start-audio':
      return session.startAudio();
    case 'picture-size':
      return session.setPictureSize(request.person, request.size);
    case 'send-text':
      return session.sendText(request.text);
    case 'send-image':
      return session.sendImage(request.image);
    case 'retry':
      return session.retryMessage(request.id);
    case 'typing':
      return session.notifyTyping();
    case 'read':
      return session.markRead();
    case 'leave':
      return session.leave();
  }
}
