/** What the browser's signaling client asks of the page around it, for many of them in one process of Node. */
import { setMaxListeners } from 'node:events';
import { WebSocket } from 'ws';

const page = new EventTarget();
setMaxListeners(0, page);
Object.assign(globalThis, {
  WebSocket,
  window: page,
  document: Object.assign(page, { visibilityState: 'visible' }),
});
