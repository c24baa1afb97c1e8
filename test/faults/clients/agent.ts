import type { AgentView, ChosenStatus } from '../../../src/protocol/views.ts';
import type { HelloBody } from '../../support/protocol-client.ts';
import type { TestAgent } from '../../support/signaling-server.ts';
import type { Recorder } from '../recorder.ts';
import { Person, type Door } from './client.ts';

/** Longer than a call waits for an agent who is gone before they have met (5 s), and for the sweep; in ms. */
const WALKED_OFF_FOR = 7_000;

interface Join {
  readonly callId: string;
  readonly room: number;
  readonly participant: string;
}

/** At a desk with one tab. Goes into the room of an accepted call, unless told to dawdle. */
export class Agent extends Person<AgentView> {
  /** Whether an accepted call is entered. */
  dawdles = false;
  /** Accepts what rings, says something, ends what is connected: brings every call to its end. */
  eager = false;
  #walksOff = false;
  #awayUntil = -Infinity;
  #return: NodeJS.Timeout | null = null;
  #reloaded = true;
  #entered = '';
  #acted = '';
  readonly #joins: Join[] = [];

  constructor(
    name: string,
    private readonly account: TestAgent,
    doors: readonly Door[],
    recorder: Recorder,
  ) {
    super(name, doors, recorder);
  }

  /** Who walked off comes back when their call is surely somebody else's. */
  override come(door: number): void {
    const left = this.#awayUntil - performance.now();
    if (left <= 0) super.come(door);
    else this.#return ??= setTimeout(() => this.#comeAfterAll(door), left);
  }

  override leave(): void {
    if (this.#return) clearTimeout(this.#return);
    this.#return = null;
    super.leave();
  }

  #comeAfterAll(door: number): void {
    this.#return = null;
    super.come(door);
  }

  choose(status: ChosenStatus): void {
    this.ask({ type: 'set-status', status });
  }

  accept(): void {
    const offerId = this.view?.offer?.id;
    if (offerId) this.ask({ type: 'accept-offer', offerId });
  }

  /** Accepts what rings, or what rings next, and closes the page before they are in the room. */
  walkOff(): void {
    this.#walksOff = true;
    this.accept();
  }

  decline(): void {
    const offerId = this.view?.offer?.id;
    if (offerId) this.ask({ type: 'decline-offer', offerId });
  }

  endCall(): void {
    const callId = this.view?.call?.id;
    if (callId) this.ask({ type: 'end-call', callId });
  }

  finishWrapUp(): void {
    const callId = this.view?.wrapUp?.callId;
    if (callId) this.ask({ type: 'finish-wrap-up', callId });
  }

  write(): void {
    const room = this.view?.call?.room.number;
    if (room !== undefined) this.say(room);
  }

  /** Acts in calls of before, as a page would that has slept through their end. */
  haunt(): void {
    for (const { callId, room, participant } of this.#joins.slice(-2)) {
      if (callId === this.view?.call?.id) continue;
      this.ask({ type: 'enter-room', room, participant });
      this.say(room);
    }
  }

  reload(door: number): void {
    this.leave();
    this.#reloaded = true;
    this.forgetCommands();
    this.come(door);
  }

  /** Does at once what the view has waited for. */
  wakeUp(): void {
    this.dawdles = false;
    this.#walksOff = false;
    this.eager = true;
    this.#entered = '';
    this.#acted = '';
    this.look();
  }

  protected hello(connection: string | null): HelloBody {
    const { token } = this.account;
    const reloaded = this.#reloaded;
    this.#reloaded = false;
    if (reloaded) return { role: 'agent', token, fresh: true };
    return { role: 'agent', token, ...(connection ? { continues: connection } : {}) };
  }

  protected react(view: AgentView, line: number): void {
    const { call } = view;
    if (call && this.#walksOff) {
      this.#walksOff = false;
      this.#awayUntil = performance.now() + WALKED_OFF_FOR;
      return this.leave();
    }
    if (call?.ticket) {
      const { room, participant } = call.ticket;
      if (this.#joins.at(-1)?.participant !== participant) {
        this.#joins.push({ callId: call.id, room, participant });
      }
      const join = `${line}/${participant}`;
      if (this.#entered !== join && !this.dawdles) {
        this.#entered = join;
        this.ask({ type: 'enter-room', room, participant });
      }
    }
    if (this.eager) this.#work(view);
  }

  /** One thing after another, each once. */
  #work({ offer, call, wrapUp }: AgentView): void {
    if (offer) this.#once(`offer ${offer.id}`, () => this.accept());
    else if (wrapUp) this.#once(`wrap-up ${wrapUp.callId}`, () => this.finishWrapUp());
    else if (call?.state === 'connected') {
      this.#once(`call ${call.id}`, () => {
        this.write();
        this.endCall();
      });
    }
  }

  #once(what: string, act: () => void): void {
    if (this.#acted === what) return;
    this.#acted = what;
    act();
  }
}
