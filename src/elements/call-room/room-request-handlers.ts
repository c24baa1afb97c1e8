import type { RoomControl } from '../../call/room-control.ts';
import type { RequestHandlers } from '../parts/events/requests.ts';

/** Runs something with the room. Returns false if there is no room, or if it failed at once. */
export type RunInRoom = (run: (room: RoomControl) => unknown) => boolean;

/** The requests of a room's inner elements that the headless room answers. */
export const roomRequestHandlers = (run: RunInRoom): RequestHandlers => ({
  'microphone-request': ({ on }) => run((room) => room.setMicrophoneOn(on)),
  'camera-request': ({ on }) => run((room) => room.setCameraOn(on)),
  'screen-request': ({ on }) => run((room) => (on ? room.startScreen() : room.stopScreen())),
  'use-camera-request': ({ deviceId }) => run((room) => room.useCamera(deviceId)),
  'use-microphone-request': ({ deviceId }) => run((room) => room.useMicrophone(deviceId)),
  'use-speaker-request': ({ deviceId }) => run((room) => room.useSpeaker(deviceId)),
  'picture-size-request': ({ person, size }) => run((room) => room.setPictureSize(person, size)),
  'send-text-request': ({ text }) => run((room) => room.sendText(text)),
  'send-image-request': ({ image }) => run((room) => room.sendImage(image)),
  'retry-message-request': ({ id }) => run((room) => room.retryMessage(id)),
  'typing-request': () => run((room) => room.notifyTyping()),
  'read-request': () => run((room) => room.markRead()),
  'leave-request': () => run((room) => room.leave()),
  'first-frame-request': () => run((room) => room.reportFirstFrame(sincePress())),
});

/** The ms since the button was pressed on this page; null if it was not. */
function sincePress(): number | null {
  const press = performance.getEntriesByName('rtc-desk').at(-1);
  return press ? Math.round(performance.now() - press.startTime) : null;
}
