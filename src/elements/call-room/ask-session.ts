import type { RoomControl } from '../../call/room-control.ts';
import type { RoomRequest } from './room-request-event.ts';

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
