/** The browser globals that the signaling client uses, for many clients in one Node process. */
import { setMaxListeners } from 'node:events';
import { WebSocket } from 'ws';

const page = new EventTarget();
setMaxListeners(0, page);
Object.assign(globalThis, {
  WebSocket,
  window: page,
  document: Object.assign(page, { visibilityState: 'visible' }),
});
