import type { Clock } from '../platform/clock.ts';
import type {
  Command,
  CommandBody,
  CommandType,
  CommandValues,
} from '../protocol/client-messages.ts';
import { RtcDeskError } from '../protocol/errors.ts';
import type { ResultMessage } from '../protocol/server-messages.ts';
import type { CommandOptions } from './signaling.ts';

interface PendingCommand {
  readonly command: Command;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: RtcDeskError) => void;
}

/** The commands that have no result yet, in the order in which they were given. */
export class PendingCommands {
  readonly #pending = new Map<string, PendingCommand>();
  #count = 0;

  constructor(private readonly clock: Clock) {}

  /** Adds a command. `send` gets it with its id. */
  add<T extends CommandType>(
    body: CommandBody<T>,
    { cancellation, timeoutMs }: CommandOptions,
    send: (command: Command) => void,
  ): Promise<CommandValues[T]> {
    const command = { ...body, id: `${++this.#count}` } as unknown as Command;
    return new Promise<CommandValues[T]>((resolve, reject) => {
      const settle = () => {
        this.#pending.delete(command.id);
        for (const stop of stops) stop?.();
      };
      const pending: PendingCommand = {
        command,
        resolve: (value) => {
          settle();
          resolve(value as CommandValues[T]);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      };
      const stops = [
        cancellation?.onCancel(() => pending.reject(new RtcDeskError('conflict', 'cancelled'))),
        timeoutMs === undefined
          ? undefined
          : this.clock.after(timeoutMs, () => pending.reject(new RtcDeskError('offline'))),
      ];
      this.#pending.set(command.id, pending);
      send(command);
    });
  }

  /** Those to send again on a new socket. */
  commands(): Command[] {
    return [...this.#pending.values()].map(({ command }) => command);
  }

  /** A second result, and the result of a cancelled command, change nothing. */
  settle(result: ResultMessage): void {
    const pending = this.#pending.get(result.id);
    if (result.ok) pending?.resolve(result.value);
    else
      pending?.reject(new RtcDeskError(result.code, result.message, undefined, result.retryAfter));
  }

  rejectAll(error: RtcDeskError): void {
    for (const pending of [...this.#pending.values()]) pending.reject(error);
  }
}
