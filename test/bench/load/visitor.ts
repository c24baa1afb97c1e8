import { randomBytes } from 'node:crypto';
import { PROTOCOL_VERSION } from '../../../src/protocol/version.ts';
import type { CallEnd, VisitorView } from '../../../src/protocol/views.ts';
import type { SignalingClient } from '../../../src/signaling/signaling-client.ts';
import { connect } from './connect.ts';

/** A visitor who makes one call after the other, on one socket as long as it lasts. */
export class Visitor {
  readonly client: SignalingClient<VisitorView>;
  readonly #entered = new Set<string>();
  #resume: string | null = null;
  #callId: string | null = null;
  #settle: ((end: CallEnd | Error) => void) | null = null;

  constructor(servers: readonly string[], site: string) {
    this.client = connect<VisitorView>(servers, (previous) => ({
      type: 'hello',
      protocol: PROTOCOL_VERSION,
      role: 'visitor',
      site,
      ...(previous === null ? { fresh: true } : {}),
      ...(this.#resume === null ? {} : { resume: this.#resume }),
    }));
    this.client.subscribe(() => this.#act());
    this.client.open();
  }

  get free(): boolean {
    return this.#settle === null && this.client.getSnapshot().state === 'online';
  }

  /** Makes a whole call. Resolves to its end; rejects if the request is refused. */
  async call(name: string): Promise<CallEnd> {
    const end = new Promise<CallEnd | Error>((resolve) => (this.#settle = resolve));
    this.#resume = randomBytes(32).toString('base64url');
    this.#callId = null;
    this.client
      .send<'request-call'>({
        type: 'request-call',
        resume: this.#resume,
        name,
        params: { device: 'METER-0042' },
      })
      .then(
        ({ callId }) => {
          this.#callId = callId;
          this.#act();
        },
        (error: Error) => this.#end(error),
      );
    const result = await end;
    if (result instanceof Error) throw result;
    return result;
  }

  #act(): void {
    const { state, view } = this.client.getSnapshot();
    // After a reconnect the room has to be entered again.
    if (state !== 'online') return this.#entered.clear();
    const call = view?.call;
    if (!call || call.id !== this.#callId) return;
    if (call.ended) return this.#end(call.ended);
    const ticket = call.rooms[0]?.ticket;
    if (!ticket || this.#entered.has(ticket.participant)) return;
    const { room, participant } = ticket;
    this.#entered.add(participant);
    this.client
      .send({ type: 'enter-room', room, participant })
      // A refusal means that the call has changed. The next snapshot shows how.
      .catch(() => this.#entered.delete(participant));
  }

  #end(result: CallEnd | Error): void {
    this.#settle?.(result);
    this.#settle = null;
  }
}
