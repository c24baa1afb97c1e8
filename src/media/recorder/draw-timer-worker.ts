/** The worker of `draw-timer.ts`. A message with an interval in ms starts the ticks; 0 ends them. */
interface WorkerScope {
  onmessage: ((event: MessageEvent<number>) => void) | null;
  postMessage(message: null): void;
}

const worker = self as unknown as WorkerScope;
let timer: ReturnType<typeof setInterval> | undefined;

worker.onmessage = ({ data: interval }) => {
  clearInterval(timer);
  if (interval > 0) timer = setInterval(() => worker.postMessage(null), interval);
};
