import type { CommandBody, CommandType, CommandValues } from '../../protocol/client-messages.ts';
import type { AgentView } from '../../protocol/views.ts';
import type { CommandOptions, Signaling } from '../../signaling/signaling.ts';

/**
 * The signaling of a room that `accept-offer` has entered: the first `enter-room` is answered here. After an
 * interruption the server has to let the participant in again, so that the command is sent.
 */
export class EnteredSignaling implements Signaling<AgentView> {
  #unbroken = true;
  readonly #stop: () => void;

  /** To be made before the accept is sent: the room is entered with the socket that carried it. */
  constructor(private readonly signaling: Signaling<AgentView>) {
    this.#unbroken = signaling.getSnapshot().state === 'online';
    this.#stop = signaling.subscribe(() => {
      if (signaling.getSnapshot().state !== 'online') this.#end();
    });
  }

  getSnapshot(): ReturnType<Signaling<AgentView>['getSnapshot']> {
    return this.signaling.getSnapshot();
  }

  subscribe(listener: () => void): () => void {
    return this.signaling.subscribe(listener);
  }

  async send<T extends CommandType>(
    body: CommandBody<T>,
    options?: CommandOptions,
  ): Promise<CommandValues[T]> {
    if (body.type !== 'enter-room' || !this.#unbroken) return this.signaling.send(body, options);
    this.#end();
    // The room is new, so it has no messages yet.
    const { participant } = body as CommandBody<'enter-room'>;
    const entered = { lastSequence: 0, readMarks: [], ownParticipants: [participant] };
    return entered satisfies CommandValues['enter-room'] as unknown as CommandValues[T];
  }

  notify(...args: Parameters<Signaling['notify']>): boolean {
    return this.signaling.notify(...args);
  }

  open(): void {
    this.signaling.open();
  }

  close(): void {
    this.signaling.close();
  }

  #end(): void {
    this.#unbroken = false;
    this.#stop();
  }
}
