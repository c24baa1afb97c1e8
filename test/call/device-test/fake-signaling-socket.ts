import type { PlatformSocket } from '../../../src/platform/platform.ts';

/** A server that welcomes a visitor and answers pings, or refuses. */
export class FakeSignalingSocket {
  /** The close code in place of a welcome. */
  refusal: number | null = null;

  open(): PlatformSocket {
    const answer = (message: object): void => {
      queueMicrotask(() => socket.onmessage?.({ data: JSON.stringify(message) }));
    };
    const socket: PlatformSocket = {
      readyState: 1,
      onopen: null,
      onmessage: null,
      onclose: null,
      send: (data) => {
        const { type } = JSON.parse(data) as { type: string };
        if (this.refusal !== null) {
          socket.onclose?.({ code: this.refusal, reason: '' });
        } else if (type === 'hello') answer({ type: 'welcome' });
        else if (type === 'ping') answer({ type: 'pong' });
      },
      close: () => undefined,
    };
    queueMicrotask(() => socket.onopen?.());
    return socket;
  }
}
