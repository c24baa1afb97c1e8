import type { Logger } from 'pino';
import { Counter } from '../sockets/socket-stats.ts';

export type CallbackOutcome =
  'inside' | 'left' | 'vanished' | 'unknown' | 'ignored' | 'unsigned' | 'malformed' | 'stale';

const REFUSED: ReadonlySet<CallbackOutcome> = new Set(['unsigned', 'malformed', 'stale']);
/** However many are refused, the log hears of them no more often than this; ms. */
const QUIET = 10_000;

/** What became of TRTC's callbacks: counted for `/metrics`, refusals told to the log, without their content. */
export class CallbackCounts {
  readonly #counter = new Counter();
  #toldAt = -Infinity;

  constructor(
    private readonly logger: Pick<Logger, 'warn'>,
    private readonly now: () => number = () => performance.now(),
  ) {}

  add(outcome: CallbackOutcome): void {
    this.#counter.add(outcome);
    if (!REFUSED.has(outcome) || this.now() - this.#toldAt < QUIET) return;
    this.#toldAt = this.now();
    this.logger.warn(
      { outcome, soFar: this.read() },
      'a callback to /hooks/trtc was refused: see that the console has this TRTC_CALLBACK_KEY',
    );
  }

  /** How many of each, since the start. */
  read(): Record<string, number> {
    return this.#counter.read();
  }
}
