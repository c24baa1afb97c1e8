import { PROTOCOL_VERSION } from '../../../src/protocol/version.ts';
import type { AgentView } from '../../../src/protocol/views.ts';
import type { SignalingClient } from '../../../src/signaling/signaling-client.ts';
import { connect } from './connect.ts';

/** An agent who takes every offer at once, enters, and ends the call as soon as both have met. */
export class Agent {
  readonly client: SignalingClient<AgentView>;
  readonly #done = new Set<string>();

  constructor(
    servers: readonly string[],
    token: string,
    private readonly onOffer: (visitor: string) => void,
  ) {
    this.client = connect<AgentView>(servers, (previous) => ({
      type: 'hello',
      protocol: PROTOCOL_VERSION,
      role: 'agent',
      token,
      ...(previous === null ? { fresh: true } : { continues: previous }),
    }));
    this.client.subscribe(() => this.#act());
    this.client.open();
    void this.client.send({ type: 'set-status', status: 'available' });
  }

  #act(): void {
    const { state, view } = this.client.getSnapshot();
    // After a reconnect the join has to be taken up again.
    if (state !== 'online') return this.#done.clear();
    if (view?.offer) {
      const { id, visitor } = view.offer;
      this.#once(`accept ${id}`, () => {
        this.onOffer(visitor.name);
        return this.client.send({ type: 'accept-offer', offerId: id });
      });
    }
    const call = view?.call;
    if (!call?.ticket) return;
    const { room, participant } = call.ticket;
    this.#once(`enter ${participant}`, () =>
      this.client.send({ type: 'enter-room', room, participant }),
    );
    if (call.state !== 'connected') return;
    this.#once(`end ${call.id}`, () => this.client.send({ type: 'end-call', callId: call.id }));
  }

  #once(what: string, act: () => Promise<unknown>): void {
    if (this.#done.has(what)) return;
    this.#done.add(what);
    // What was refused was overtaken by something that the next snapshot shows.
    act().catch(() => this.#done.delete(what));
  }
}
