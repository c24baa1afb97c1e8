import type { AgentView } from '../../../src/protocol/views.ts';
import { PROTOCOL_VERSION } from '../../../src/protocol/version.ts';
import type { SignalingClient } from '../../../src/signaling/signaling-client.ts';
import { activeLeg, offeredLeg } from '../../support/agent-legs.ts';
import { connect } from './connect.ts';

/** An agent who accepts every offer at once, enters the room, and ends the call as soon as it is connected. */
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
    // After a reconnect the room has to be entered again.
    if (state !== 'online') return this.#done.clear();
    if (!view) return;
    const offered = offeredLeg(view);
    if (offered) {
      this.#once(`accept ${offered.id}`, () => {
        this.onOffer(offered.call.visitor.name);
        return this.client.send({ type: 'accept-offer', legId: offered.id });
      });
    }
    const leg = activeLeg(view);
    const ticket = leg?.rooms[0]?.ticket;
    if (!leg || !ticket) return;
    const { room, participant } = ticket;
    this.#once(`enter ${participant}`, () =>
      this.client.send({ type: 'enter-room', room, participant }),
    );
    const { id: callId, state: callState } = leg.call;
    if (callState !== 'connected') return;
    this.#once(`end ${callId}`, () => this.client.send({ type: 'end-call', callId }));
  }

  #once(what: string, act: () => Promise<unknown>): void {
    if (this.#done.has(what)) return;
    this.#done.add(what);
    // A refusal means that the call has changed. The next snapshot shows how.
    act().catch(() => this.#done.delete(what));
  }
}
