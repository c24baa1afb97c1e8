import type { Clock } from '../../platform/clock.ts';
import { RtcDeskError, type ErrorCode } from '../../protocol/errors.ts';
import type { AgentView } from '../../protocol/views.ts';
import type { Signaling } from '../../signaling/signaling.ts';

const TIMEOUT_MS = 20_000;

/** Opens the connection and resolves when its first view is there. Rejects with an RtcDeskError. */
export function untilFirstView(signaling: Signaling<AgentView>, clock: Clock): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      cancel();
      unsubscribe();
    };
    const fail = (code: ErrorCode) => {
      stop();
      reject(new RtcDeskError(code));
    };
    const cancel = clock.after(TIMEOUT_MS, () => fail('offline'));
    const unsubscribe = signaling.subscribe(() => {
      const { state, error, view } = signaling.getSnapshot();
      if (state === 'closed') return fail(error ?? 'offline');
      if (!view) return;
      stop();
      resolve();
    });
    signaling.open();
  });
}
