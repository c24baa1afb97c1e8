import type { AgentView, ChosenStatus, LegView } from '../../../src/protocol/views.ts';
import { activeLeg, offeredLeg, wrapUpLeg } from '../../support/agent-legs.ts';
import type { HelloBody } from '../../support/protocol-client.ts';
import type { TestAgent } from '../../support/signaling-server.ts';
import type { Recorder } from '../recorder.ts';
import { Client, type ServerAddress } from './client.ts';

/** Longer than an accepted call waits for an agent who is gone (5 s), and for the sweep; in ms. */
const AWAY_AFTER_ACCEPT_MS = 7_000;

interface FormerCall {
  readonly callId: string;
  readonly room: number;
  readonly participant: string;
}

/** An agent at a desk with one tab. Enters the room of an accepted call, unless told otherwise. */
export class Agent extends Client<AgentView> {
  /** Whether the agent enters the room of an accepted call. */
  entersRooms = true;
  /** Whether the agent accepts every offer, writes, and ends every connected call. */
  #serves = false;
  /** Whether the agent closes the page after the next accept. */
  #leavesAfterAccept = false;
  #awayUntil = -Infinity;
  #returnTimer: NodeJS.Timeout | null = null;
  #fresh = true;
  /** The participant that entered, and over which socket. */
  #entered = '';
  #lastAction = '';
  readonly #calls: FormerCall[] = [];

  constructor(
    name: string,
    private readonly account: TestAgent,
    servers: readonly ServerAddress[],
    recorder: Recorder,
  ) {
    super(name, servers, recorder);
  }

  /** Connects. After `acceptAndLeave` only once the call has surely been taken back. */
  override connect(node: number): void {
    const left = this.#awayUntil - performance.now();
    if (left <= 0) super.connect(node);
    else this.#returnTimer ??= setTimeout(() => this.#returnTo(node), left);
  }

  override leave(): void {
    if (this.#returnTimer) clearTimeout(this.#returnTimer);
    this.#returnTimer = null;
    super.leave();
  }

  #returnTo(node: number): void {
    this.#returnTimer = null;
    super.connect(node);
  }

  setStatus(status: ChosenStatus): void {
    this.command({ type: 'set-status', status });
  }

  accept(): void {
    const legId = this.#leg(offeredLeg)?.id;
    if (legId) this.command({ type: 'accept-offer', legId });
  }

  /** Accepts the offer, or the next one, and closes the page before entering the room. */
  acceptAndLeave(): void {
    this.#leavesAfterAccept = true;
    this.accept();
  }

  decline(): void {
    const legId = this.#leg(offeredLeg)?.id;
    if (legId) this.command({ type: 'decline-offer', legId });
  }

  endCall(): void {
    const callId = this.#leg(activeLeg)?.call.id;
    if (callId) this.command({ type: 'end-call', callId });
  }

  finishWrapUp(): void {
    const legId = this.#leg(wrapUpLeg)?.id;
    if (legId) this.command({ type: 'finish-wrap-up', legId });
  }

  write(): void {
    const room = this.#leg(activeLeg)?.rooms[0]?.number;
    if (room !== undefined) this.sendMessages(room);
  }

  /** Acts in the last two calls before this one, like a page that was asleep when they ended. */
  actInFormerCalls(): void {
    for (const { callId, room, participant } of this.#calls.slice(-2)) {
      if (callId === this.#leg(activeLeg)?.call.id) continue;
      this.command({ type: 'enter-room', room, participant });
      this.sendMessages(room);
    }
  }

  reload(node: number): void {
    this.leave();
    this.#fresh = true;
    this.forgetCommands();
    this.connect(node);
  }

  /** Serves every call from now on, also the one that is already in the view. */
  serveFromNowOn(): void {
    this.entersRooms = true;
    this.#leavesAfterAccept = false;
    this.#serves = true;
    this.#entered = '';
    this.#lastAction = '';
    this.reactAgain();
  }

  protected hello(connection: string | null): HelloBody {
    const { token } = this.account;
    const fresh = this.#fresh;
    this.#fresh = false;
    if (fresh) return { role: 'agent', token, fresh: true };
    return { role: 'agent', token, ...(connection ? { continues: connection } : {}) };
  }

  protected react(view: AgentView, socket: number): void {
    const leg = activeLeg(view);
    if (leg && this.#leavesAfterAccept) {
      this.#leavesAfterAccept = false;
      this.#awayUntil = performance.now() + AWAY_AFTER_ACCEPT_MS;
      return this.leave();
    }
    const ticket = leg?.rooms[0]?.ticket;
    if (leg && ticket) {
      const { room, participant } = ticket;
      if (this.#calls.at(-1)?.participant !== participant) {
        this.#calls.push({ callId: leg.call.id, room, participant });
      }
      const entered = `${socket}/${participant}`;
      if (this.#entered !== entered && this.entersRooms) {
        this.#entered = entered;
        this.command({ type: 'enter-room', room, participant });
      }
    }
    if (this.#serves) this.#serve(view);
  }

  #serve(view: AgentView): void {
    const [offered, active, wrapUp] = [offeredLeg(view), activeLeg(view), wrapUpLeg(view)];
    if (offered) this.#once(`accept ${offered.id}`, () => this.accept());
    else if (wrapUp) this.#once(`finish ${wrapUp.id}`, () => this.finishWrapUp());
    else if (active?.call.state === 'connected') {
      this.#once(`end ${active.id}`, () => {
        this.write();
        this.endCall();
      });
    }
  }

  #once(action: string, act: () => void): void {
    if (this.#lastAction === action) return;
    this.#lastAction = action;
    act();
  }

  #leg(find: (view: AgentView) => LegView | undefined): LegView | undefined {
    return this.view ? find(this.view) : undefined;
  }
}
