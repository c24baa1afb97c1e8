interface TrustedTypesWindow {
  trustedTypes?: {
    createPolicy(
      name: string,
      rules: { createScriptURL(given: string): string },
    ): { createScriptURL(given: string): string };
  };
}

/** The worker, beside the folder of the built chunks. */
const workerAddress = () => new URL('../recorder-timer.js', import.meta.url).href;

/**
 * Calls `tick` every `interval` ms, also while the page is hidden: a hidden page gets no animation frames, and its own
 * timers run once a second at most. A worker's timers go on. A page of another origin than the desk's may not start the
 * desk's worker; then the page's own timer ticks, which browsers leave alone while the page plays sound, as a call does.
 * Returns the function that ends it.
 */
export function startTicks(
  interval: number,
  tick: () => void,
  address = workerAddress(),
): () => void {
  let pageTimer: ReturnType<typeof setInterval> | undefined;
  const tickByPage = (): void => {
    pageTimer ??= setInterval(tick, interval);
  };
  let worker: Worker;
  try {
    worker = new Worker(trusted(address), { type: 'module' });
  } catch {
    tickByPage();
    return () => clearInterval(pageTimer);
  }
  worker.onmessage = tick;
  // Its file did not load.
  worker.onerror = tickByPage;
  worker.postMessage(interval);
  return () => {
    worker.terminate();
    clearInterval(pageTimer);
  };
}

let policy: ReturnType<NonNullable<TrustedTypesWindow['trustedTypes']>['createPolicy']> | undefined;

/** A page's policy may demand that the address of a script is marked as trusted, by a policy of this name. */
function trusted(address: string): string {
  const { trustedTypes } = window as TrustedTypesWindow;
  policy ??= trustedTypes?.createPolicy('rtc-desk', { createScriptURL: (given) => given });
  return policy?.createScriptURL(address) ?? address;
}
