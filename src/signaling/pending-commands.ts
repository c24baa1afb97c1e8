import type {
  Command,
  CommandBody,
  CommandType,
  CommandValues,
} from '../protocol/client-messages.ts';
import { RtcDeskError } from '../protocol/errors.ts';
import type { ResultMessage } from '../protocol/server-messages.ts';
import type { Clock } from '../platform/clock.ts';

export interface CommandOptions {
  /** Aborted: the command is not sent again, and the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** ms after which the promise rejects with `offline`. Without it a command waits as long as it takes. */
  readonly deadline?: number;
}

interface Waiting {
  readonly command: Command;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** The commands that have no result yet, in the order in which they were given. */
export class PendingCommands {
  readonly #waiting = new Map<string, Waiting>();
  #count = 0;

  constructor(private readonly clock: Clock) {}

  /** Takes a command in; `sent` gets it with its id. */
  add<T extends CommandType>(
    body: CommandBody<T>,
    { signal, deadline }: CommandOptions,
    sent: (command: Command) => void,
  ): Promise<CommandValues[T]> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    const command = { ...body, id: String(++this.#count) } as unknown as Command;
    return new Promise<CommandValues[T]>((resolve, reject) => {
      const abort = () => {
        this.#waiting.get(command.id)?.reject(signal?.reason);
      };
      const cancelDeadline =
        deadline === undefined
          ? null
          : this.clock.after(deadline, () => {
              this.#waiting.get(command.id)?.reject(new RtcDeskError('offline'));
            });
      const settled = () => {
        this.#waiting.delete(command.id);
        signal?.removeEventListener('abort', abort);
        cancelDeadline?.();
      };
      this.#waiting.set(command.id, {
        command,
        resolve: (value) => {
          settled();
          resolve(value as CommandValues[T]);
        },
        reject: (error) => {
          settled();
          reject(error);
        },
      });
      signal?.addEventListener('abort', abort);
      sent(command);
    });
  }

  /** Those to send again on a new socket. */
  commands(): Command[] {
    return [...this.#waiting.values()].map(({ command }) => command);
  }

  /** An answer that comes twice, or to a command that was given up, changes nothing. */
  settle(result: ResultMessage): void {
    const waiting = this.#waiting.get(result.id);
    if (result.ok) waiting?.resolve(result.value);
    else waiting?.reject(new RtcDeskError(result.code, result.message));
  }

  rejectAll(error: RtcDeskError): void {
    for (const waiting of [...this.#waiting.values()]) waiting.reject(error);
  }
}
