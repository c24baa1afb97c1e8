import { randomUUID } from 'node:crypto';
import { activeLeg } from './agent-legs.ts';
import { signInDemoAgent } from './agent-session.ts';
import type { AgentClient, VisitorClient } from './protocol-client.ts';
import { connect } from './signaling-server.ts';

/** A call between a visitor and an agent, by default Alice, on a server with the demo data. It stays up while a test attacks the server. */
export class DemoCall {
  #messages = 0;

  private constructor(
    readonly visitor: VisitorClient,
    readonly desk: AgentClient,
    readonly room: number,
    readonly callId: string,
    private readonly agentParticipant: string,
  ) {}

  static async begin(url: string, username = 'alice'): Promise<DemoCall> {
    const agent = { username, ...(await signInDemoAgent(url, username)) };
    const call = await connect(url, { id: 'demo', agents: [agent] });
    const { visitor, desk, room, callId, agentTicket } = call;
    return new DemoCall(visitor, desk, room, callId, agentTicket.participant);
  }

  /** Throws unless a message and a signal still arrive, and both sides still see a connected call. */
  async goesOn(): Promise<void> {
    const { visitor, desk, room } = this;
    const text = `message ${(this.#messages += 1)}`;
    await desk.command({ type: 'chat-send', room, messageId: randomUUID(), text });
    await visitor.until(() => visitor.chat.at(-1)?.text === text, text);
    visitor.send({ type: 'signal', room, to: this.agentParticipant, data: { text } });
    await desk.message('signal', ({ data }) => (data as { text?: string }).text === text);
    const states = [visitor.view.call?.state, activeLeg(desk.view)?.call.state];
    if (visitor.closed || desk.closed || states.some((state) => state !== 'connected')) {
      throw new Error(`the call was disturbed: ${JSON.stringify([states, visitor.closed])}`);
    }
  }

  async end(): Promise<void> {
    await this.desk.command({ type: 'end-call', callId: this.callId });
    await Promise.all([this.visitor.close(), this.desk.close()]);
  }
}
