import { RtcDeskError, type ErrorCode } from '../../protocol/errors.ts';
import { limits } from '../../protocol/limits.ts';
import type { CallEnd, MediaProvider, VisitorCallView } from '../../protocol/views.ts';
import { Store } from '../../snapshot/store.ts';
import { asRtcDeskError } from '../as-rtc-desk-error.ts';
import { CallLock, type HeldLock } from './call-lock.ts';
import type { CallParts } from '../call-parts.ts';
import { makeResumeToken, ResumeStore } from './resume-store.ts';
import { RoomParticipation } from '../room/participation.ts';
import type {
  CallRequest,
  VisitorCallControl,
  VisitorCallOptions,
  VisitorCallSnapshot,
} from '../visitor-call-control.ts';
import { visitorCallState } from './call-state.ts';
import { VisitorConnection } from './connection.ts';

/** A visitor's call, from the press of the button to its end; usable again after that. */
export class VisitorCall implements VisitorCallControl {
  readonly #options: VisitorCallOptions;
  readonly #parts: CallParts;
  readonly #store: Store<VisitorCallSnapshot>;
  readonly #resumeStore: ResumeStore;
  readonly #callLock: CallLock;
  readonly #seat: RoomParticipation;
  #lock: HeldLock | null = null;
  #stay: VisitorConnection | null = null;
  /** There is a wish: from the press, or from the resumed page's first view, to the end. */
  #wanted = false;
  #wish: CallRequest | null = null;
  #starting: Promise<void> | null = null;
  #resuming: Promise<boolean> | null = null;
  /** Counts the wishes, so that what an earlier one still waited for is dropped. */
  #turn = 0;

  constructor(options: VisitorCallOptions, parts: CallParts) {
    this.#options = options;
    this.#parts = parts;
    this.#resumeStore = new ResumeStore(options.server, options.site);
    this.#callLock = new CallLock(options.server, options.site);
    this.#seat = new RoomParticipation({
      server: options.server,
      parts,
      onLeave: () => this.hangUp(),
      onChange: () => this.#handleRoom(),
    });
    this.#store = new Store<VisitorCallSnapshot>({ ...NOTHING, local: parts.local.getSnapshot() });
    // The devices belong to this call alone, and go with it: nobody has to unsubscribe.
    parts.local.subscribe(() => this.#store.update({ local: parts.local.getSnapshot() }));
  }

  getSnapshot(): Readonly<VisitorCallSnapshot> {
    return this.#store.getSnapshot();
  }

  subscribe(listener: () => void): () => void {
    return this.#store.subscribe(listener);
  }

  start(wish: CallRequest): Promise<void> {
    return this.#startOnce(wish, () => this.#callLock.take(this.#handleLockLost));
  }

  takeOver(): Promise<void> {
    const wish = this.#wish ?? { params: {}, language: navigator.language };
    return this.#startOnce(wish, () => this.#callLock.steal(this.#handleLockLost));
  }

  resume(): Promise<boolean> {
    if (this.#wanted) return Promise.resolve(true);
    this.#resuming ??= this.#resume().finally(() => (this.#resuming = null));
    return this.#resuming;
  }

  async hangUp(): Promise<void> {
    if (!this.#wanted) {
      // Whatever a resume would still find is not wanted here any more.
      if (this.#resuming) this.#stay?.close();
      return;
    }
    const call = this.#stay?.call;
    const reason = call?.ticket ? 'visitor-ended' : 'cancelled';
    const stay = this.#over({ ended: this.#endNow(call ?? null, reason) });
    await stay?.sayGoodbye();
  }

  setCameraOn(on: boolean): Promise<void> {
    return this.#parts.local.setCameraOn(on);
  }

  setMicrophoneOn(on: boolean): Promise<void> {
    return this.#parts.local.setMicrophoneOn(on);
  }

  reset(): void {
    if (!this.#wanted) this.#store.update(NOTHING);
  }

  // ---- beginning -------------------------------------------------------------------------------

  #startOnce(wish: CallRequest, takeLock: () => Promise<HeldLock | null>): Promise<void> {
    // A second press is the same wish.
    if (this.#starting) return this.#starting;
    if (this.#wanted) return Promise.resolve();
    const starting = this.#start(wish, takeLock).finally(() => {
      if (this.#starting === starting) this.#starting = null;
    });
    this.#starting = starting;
    return starting;
  }

  async #start(wish: CallRequest, takeLock: () => Promise<HeldLock | null>): Promise<void> {
    this.reset();
    this.#wish = wish;
    this.#wanted = true;
    const turn = ++this.#turn;
    this.#publish();
    if (this.#resuming) {
      // What was found on the way is found again below.
      this.#stay?.close();
      await this.#resuming;
    }
    const lock = await takeLock();
    if (turn !== this.#turn) {
      lock?.release();
      return;
    }
    this.#lock = lock;
    if (!lock) throw this.#fail('signed-in-elsewhere');
    // Asked for at the same moment as the queue, and waited for by nobody: a refused device is a state.
    void this.#parts.local.start();
    try {
      await this.#findOrRequest(wish, turn);
    } catch (error) {
      const failure = asRtcDeskError(error, 'server-error');
      if (turn === this.#turn) throw this.#fail(failure.code);
      // Over already: told as a failure only where it was one, and not the person's own cancel.
      const { error: told } = this.getSnapshot();
      if (told) throw new RtcDeskError(told);
    }
  }

  /** A token that is kept may belong to a call that lives: then it is that one that goes on. */
  async #findOrRequest(wish: CallRequest, turn: number): Promise<void> {
    const kept = this.#resumeStore.read();
    if (kept) {
      const stay = this.#open(kept);
      const alive = await stay.isAlive();
      if (alive || turn !== this.#turn) return;
      if (!stay.signaling.getSnapshot().view) throw new RtcDeskError('offline');
      this.#close(stay);
      this.#resumeStore.forget(kept);
    }
    const token = makeResumeToken();
    // Before anything is sent: a reload from here on finds what the server made of it.
    this.#resumeStore.keep(token);
    const callId = await this.#open(token).request(wish);
    if (turn === this.#turn) this.#store.update({ callId });
  }

  async #resume(): Promise<boolean> {
    const token = this.#resumeStore.read();
    if (!token) return false;
    const turn = ++this.#turn;
    const lock = await this.#callLock.takeAfterLoad(this.#handleLockLost);
    if (!lock || turn !== this.#turn) {
      lock?.release();
      return false;
    }
    this.#lock = lock;
    const stay = this.#open(token);
    if (await stay.isAlive(limits.visitorGrace)) return turn === this.#turn && this.#wanted;
    if (this.#lock === lock) this.#release();
    // Answered, and dead. A token that nobody could ask about is kept for the next page.
    if (stay.signaling.getSnapshot().view) this.#resumeStore.forget(token);
    this.#close(stay);
    return false;
  }

  #open(token: string): VisitorConnection {
    const stay = new VisitorConnection(this.#options, this.#parts, token, {
      changed: (changed) => this.#follow(changed),
      delivered: (delivery) => this.#seat.handleDelivery(delivery),
    });
    this.#stay = stay;
    stay.signaling.open();
    return stay;
  }

  // ---- going on --------------------------------------------------------------------------------

  #follow(stay: VisitorConnection): void {
    if (stay !== this.#stay) return;
    const { state, error, view } = stay.signaling.getSnapshot();
    if (state === 'closed') {
      if (this.#wanted) this.#fail(error ?? 'offline');
      return;
    }
    // In the line there is time for it.
    if (view && !stay.call) void this.#parts.adapters.preload(view.site.media);
    const call = view?.call ?? null;
    if (call?.ended) {
      // Of a kept token that had ended long ago: whoever looked it up sees that, and asks anew.
      if (stay.call || stay.requested) this.#over({ ended: call.ended })?.close();
      return;
    }
    if (view && call) this.#handleCall(stay, call, view.site.media);
    else if (view && stay.call) {
      // It ended while nobody here could be told.
      const reason = stay.call.ticket ? 'visitor-gone' : 'abandoned';
      this.#over({ ended: this.#endNow(stay.call, reason) })?.close();
      return;
    }
    this.#publish();
  }

  #handleCall(stay: VisitorConnection, call: VisitorCallView, usual: MediaProvider): void {
    stay.call = call;
    if (!this.#wanted) {
      // A call of before this page was loaded.
      this.#wanted = true;
      void this.#parts.local.start();
    }
    const { ticket, room, connectedAt } = call;
    const seat = ticket && room ? { ticket, room, connectedAt, usual } : null;
    this.#seat.follow(stay.signaling, seat);
  }

  #handleRoom(): void {
    const { state, error } = this.#seat.room!.getSnapshot();
    if (state !== 'failed') return this.#publish();
    // The agent need not wait for somebody who cannot come.
    void this.#over({ error: error ?? 'media-failed' })?.sayGoodbye();
  }

  readonly #handleLockLost = (): void => {
    if (this.#wanted) this.#fail('signed-in-elsewhere');
  };

  // ---- ending ----------------------------------------------------------------------------------

  #fail(code: ErrorCode): RtcDeskError {
    this.#over({ error: code })?.close();
    return new RtcDeskError(code);
  }

  /** Stops devices and room, and gives the lock back. Answers with the stay, whose socket the caller closes. */
  #over(outcome: { ended?: CallEnd; error?: ErrorCode }): VisitorConnection | null {
    const stay = this.#stay;
    const callId = stay?.call?.id ?? this.getSnapshot().callId;
    this.#turn++;
    this.#wanted = false;
    this.#stay = this.#starting = null;
    const room = this.#seat.leave(false);
    this.#parts.local.stop();
    // In another tab it goes on, and that tab needs the token.
    if (stay && outcome.error !== 'signed-in-elsewhere') this.#resumeStore.forget(stay.token);
    this.#release();
    const state = outcome.error ? 'failed' : 'ended';
    this.#store.update({ ...NOTHING, state, callId, room, ...outcome });
    return stay;
  }

  /** An end that we know before the server tells of it. */
  #endNow(call: VisitorCallView | null, reason: CallEnd['reason']): CallEnd {
    const at = this.#parts.clock.now() + (this.#stay?.signaling.getSnapshot().clockOffset ?? 0);
    const seconds = call?.connectedAt ? Math.max(0, Math.floor((at - call.connectedAt) / 1000)) : 0;
    return { reason, at, seconds };
  }

  #close(stay: VisitorConnection): void {
    if (this.#stay === stay) this.#stay = null;
    stay.close();
  }

  #release(): void {
    this.#lock?.release();
    this.#lock = null;
  }

  #publish(): void {
    if (!this.#wanted) return;
    const call = this.#stay?.call ?? null;
    const room = this.#seat.room;
    this.#store.update({
      state: visitorCallState(call, room?.getSnapshot() ?? null),
      callId: call?.id ?? this.getSnapshot().callId,
      position: call?.position ?? null,
      estimate: call?.estimate ?? null,
      agentOnline: call?.agentOnline ?? true,
      agentName: call?.agentName ?? null,
      online: this.#stay ? this.#stay.signaling.getSnapshot().state !== 'offline' : true,
      room,
    });
  }
}

const NOTHING = {
  state: 'idle',
  error: null,
  callId: null,
  position: null,
  estimate: null,
  agentOnline: true,
  agentName: null,
  online: true,
  room: null,
  ended: null,
} as const satisfies Partial<VisitorCallSnapshot>;
