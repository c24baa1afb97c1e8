import { randomBytes } from 'node:crypto';
import { PROTOCOL_VERSION } from '../../../src/protocol/version.ts';
import type { CallEnd, VisitorView } from '../../../src/protocol/views.ts';
import type { SignalingClient } from '../../../src/signaling/signaling-client.ts';
import { connect } from './connect.ts';

/** A visitor who lives one call after the other, on one socket as long as it holds. */
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

  /** A whole call, from the wish to how it ended. Rejects where it was refused. */
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
    const how = await end;
    if (how instanceof Error) throw how;
    return how;
  }

  #act(): void {
    const { state, view } = this.client.getSnapshot();
    if (state !== 'online') return this.#entered.clear();
    const call = view?.call;
    if (!call || call.id !== this.#callId) return;
    if (call.ended) return this.#end(call.ended);
    if (!call.ticket || this.#entered.has(call.ticket.participant)) return;
    const { room, participant } = call.ticket;
    this.#entered.add(participant);
    this.client
      .send({ type: 'enter-room', room, participant })
      // What was refused was overtaken by something that the next snapshot shows.
      .catch(() => this.#entered.delete(participant));
  }

  #end(how: CallEnd | Error): void {
    this.#settle?.(how);
    this.#settle = null;
  }
}
