import { randomUUID } from 'node:crypto';
import type { AgentClient, VisitorClient } from './protocol-client.ts';
import { connect } from './signaling-server.ts';

/** A call between a visitor and Alice on a server with the demo data, which lives while a test does its worst. */
export class DemoCall {
  #messages = 0;

  private constructor(
    readonly visitor: VisitorClient,
    readonly desk: AgentClient,
    readonly room: number,
    readonly callId: string,
    private readonly joins: { readonly visitor: string; readonly desk: string },
  ) {}

  static async begin(url: string): Promise<DemoCall> {
    const response = await fetch(`${url}/api/v1/agent-sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'alice', password: 'demo' }),
    });
    const { token, agent } = (await response.json()) as { token: string; agent: { id: string } };
    const alice = { id: agent.id, username: 'alice', token };
    const call = await connect(url, { id: 'demo', agents: [alice] });
    return new DemoCall(call.visitor, call.desk, call.room, call.callId, {
      visitor: call.visitorJoin.participant,
      desk: call.agentJoin.participant,
    });
  }

  /** A message and a signal still cross, and neither side saw anything but a call that goes on. */
  async goesOn(): Promise<void> {
    const { visitor, desk, room, joins } = this;
    const text = `message ${(this.#messages += 1)}`;
    await desk.command({ type: 'chat-send', room, messageId: randomUUID(), text });
    await visitor.until(() => visitor.chat.at(-1)?.text === text, text);
    visitor.send({ type: 'signal', room, to: joins.desk, data: { text } });
    await desk.message('signal', ({ data }) => (data as { text?: string }).text === text);
    const states = [visitor.view.call?.state, desk.view.call?.state];
    if (visitor.closed || desk.closed || states.some((state) => state !== 'connected')) {
      throw new Error(`the call was disturbed: ${JSON.stringify([states, visitor.closed])}`);
    }
  }

  async end(): Promise<void> {
    await this.desk.command({ type: 'end-call', callId: this.callId });
    await Promise.all([this.visitor.close(), this.desk.close()]);
  }
}
