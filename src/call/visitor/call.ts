import type { PreparedMedia } from '../../media/media.ts';
import type { HeldLock } from '../../platform/platform.ts';
import { RtcDeskError, type ErrorCode } from '../../protocol/errors.ts';
import { limits } from '../../protocol/limits.ts';
import type { CallEnd, MediaProvider, VisitorCallView } from '../../protocol/views.ts';
import type { VisitorCallEnd } from '../../protocol/visitor-view.ts';
import { Store } from '../../snapshot/store.ts';
import { asRtcDeskError } from '../as-rtc-desk-error.ts';
import { CallLock } from './call-lock.ts';
import type { CallParts } from '../call-parts.ts';
import { makeResumeToken, ResumeStore } from './resume-store.ts';
import { DeviceControls } from '../room/device-controls.ts';
import { RoomParticipation } from '../room/participation.ts';
import type {
  CallRequest,
  HandOverOffer,
  RequestAnswers,
  VisitorAnswer,
  VisitorCallControl,
  VisitorCallOptions,
  VisitorCallSnapshot,
} from '../visitor-call-control.ts';
import { visitorCallState } from './call-state.ts';
import { VisitorConnection } from './connection.ts';

/** A visitor's call, from the press of the button to its end. It can be started again after that. */
export class VisitorCall extends DeviceControls implements VisitorCallControl {
  readonly #options: VisitorCallOptions;
  readonly #parts: CallParts;
  readonly #store: Store<VisitorCallSnapshot>;
  readonly #resumeStore: ResumeStore;
  readonly #callLock: CallLock;
  readonly #participation: RoomParticipation;
  #lock: HeldLock | null = null;
  #connection: VisitorConnection | null = null;
  /** The media of a call that rings. */
  #prepared: Promise<PreparedMedia | null> | null = null;
  /** A call is wanted: from the press, or from the first view of a resumed page, to the end. */
  #wanted = false;
  #request: CallRequest | null = null;
  #starting: Promise<void> | null = null;
  #resuming: Promise<boolean> | null = null;
  /** Once for each call: after the server has taken it, and a flow has reached a queue. */
  #devicesAsked = false;
  /** What the visitor of a hidden page has answered, while the call is `ready`. */
  #join: 'unasked' | 'asked' | 'wanted' = 'unasked';
  /** Counts the requests, so that the late answer to an earlier one is dropped. */
  #attempt = 0;

  constructor(options: VisitorCallOptions, parts: CallParts) {
    super(parts.local);
    this.#options = options;
    this.#parts = parts;
    this.#resumeStore = new ResumeStore(parts.platform, options.server, options.site);
    this.#callLock = new CallLock(parts.platform, options.server, options.site);
    this.#participation = new RoomParticipation({
      server: options.server,
      parts,
      onLeave: () => this.hangUp(),
      onChange: () => this.#handleRoom(),
    });
    this.#store = new Store<VisitorCallSnapshot>({ ...NOTHING, local: parts.local.getSnapshot() });
    // The devices belong to this call alone: both end together, so that nothing has to unsubscribe.
    parts.local.subscribe(() => this.#store.update({ local: parts.local.getSnapshot() }));
  }

  getSnapshot(): Readonly<VisitorCallSnapshot> {
    return this.#store.getSnapshot();
  }

  subscribe(listener: () => void): () => void {
    return this.#store.subscribe(listener);
  }

  start(request: CallRequest): Promise<void> {
    return this.#startOnce(request, () => this.#callLock.take(this.#handleLockLost));
  }

  takeOver(): Promise<void> {
    const request = this.#request ?? { params: {}, language: this.#parts.platform.page.language };
    return this.#startOnce(request, () => this.#callLock.steal(this.#handleLockLost));
  }

  resume(): Promise<boolean> {
    if (this.#wanted) return Promise.resolve(true);
    this.#resuming ??= this.#resume().finally(() => (this.#resuming = null));
    return this.#resuming;
  }

  async hangUp(): Promise<void> {
    if (!this.#wanted) {
      // A resume is under way: its call is no longer wanted.
      if (this.#resuming) this.#connection?.close();
      return;
    }
    const call = this.#connection?.call;
    const reason = call?.rooms.length ? 'visitor-ended' : 'cancelled';
    const connection = this.#finish({ ended: this.#endNow(call ?? null, reason) });
    await connection?.endCall(true);
  }

  join(): void {
    this.#join = 'wanted';
    if (this.#connection) this.#follow(this.#connection);
  }

  async answer(answer: VisitorAnswer): Promise<void> {
    await this.#connection?.answer(answer);
  }

  async offerHandOver(): Promise<HandOverOffer> {
    if (!this.#connection) throw new RtcDeskError('conflict');
    return this.#connection.offerHandOver();
  }

  reset(): void {
    if (!this.#wanted) this.#store.update(NOTHING);
  }

  // ---- beginning -------------------------------------------------------------------------------

  #startOnce(request: CallRequest, takeLock: () => Promise<HeldLock | null>): Promise<void> {
    // A second press is the same request.
    if (this.#starting) return this.#starting;
    if (this.#wanted) return Promise.resolve();
    const starting = this.#start(request, takeLock).finally(() => {
      if (this.#starting === starting) this.#starting = null;
    });
    this.#starting = starting;
    return starting;
  }

  async #start(request: CallRequest, takeLock: () => Promise<HeldLock | null>): Promise<void> {
    this.reset();
    this.#request = request;
    this.#wanted = true;
    const attempt = ++this.#attempt;
    this.#publish();
    if (this.#resuming) {
      // The call that it would find is found again below.
      this.#connection?.close();
      await this.#resuming;
    }
    const lock = await takeLock();
    if (attempt !== this.#attempt) {
      lock?.release();
      return;
    }
    this.#lock = lock;
    if (!lock) throw this.#failElsewhere();
    try {
      await this.#findOrRequest(request, attempt);
    } catch (error) {
      const failure = asRtcDeskError(error, 'server-error');
      if (attempt === this.#attempt) throw this.#fail(failure.code, failure.retryAfter);
      // The call is over already. It failed, unless the person cancelled it.
      const { error: shown } = this.getSnapshot();
      if (shown) throw new RtcDeskError(shown);
    }
  }

  /** A stored token may belong to a live call. That call then goes on. */
  async #findOrRequest(request: CallRequest, attempt: number): Promise<void> {
    const stored = this.#resumeStore.read();
    if (stored) {
      const connection = this.#open(stored);
      const live = await connection.hasLiveCall();
      if (live || attempt !== this.#attempt) return;
      if (!connection.signaling.getSnapshot().view) throw new RtcDeskError('offline');
      this.#close(connection);
      this.#resumeStore.remove(stored);
    }
    const token = makeResumeToken(this.#parts.platform);
    // Before anything is sent: a reload from now on finds the call.
    this.#resumeStore.write(token);
    const connection = this.#open(token);
    // Few sites ask something before a call, so that the refusal tells of it.
    let answers: RequestAnswers = {};
    let asked: ErrorCode | undefined;
    let callId = '';
    while (!callId) {
      callId = await connection.request(request, answers).catch(async (refusal: RtcDeskError) => {
        const { code } = refusal;
        // The same refusal again: the answer was wrong.
        const answer = code !== asked && (await request.answer?.(code, connection.signaling));
        if (!answer) throw refusal;
        asked = code;
        answers = { ...answers, ...answer };
        return '';
      });
    }
    if (attempt === this.#attempt) this.#store.update({ callId });
  }

  async #resume(): Promise<boolean> {
    const token = this.#resumeStore.read();
    if (!token) return false;
    const attempt = ++this.#attempt;
    const lock = await this.#callLock.takeAfterLoad(this.#handleLockLost);
    if (!lock || attempt !== this.#attempt) {
      lock?.release();
      return false;
    }
    this.#lock = lock;
    const connection = this.#open(token);
    if (await connection.hasLiveCall(limits.visitorGrace))
      return attempt === this.#attempt && this.#wanted;
    if (this.#lock === lock) this.#release();
    // The server answered: the call is over. Without an answer the token stays stored for the next page.
    if (connection.signaling.getSnapshot().view) this.#resumeStore.remove(token);
    this.#close(connection);
    return false;
  }

  #open(token: string): VisitorConnection {
    const connection = new VisitorConnection(this.#options, this.#parts, token, {
      changed: (changed) => this.#follow(changed),
      delivered: (delivery) => this.#participation.handleDelivery(delivery),
    });
    this.#connection = connection;
    connection.signaling.open();
    return connection;
  }

  // ---- following the server --------------------------------------------------------------------

  #follow(connection: VisitorConnection): void {
    if (connection !== this.#connection) return;
    const { state, error, view } = connection.signaling.getSnapshot();
    if (state === 'closed') {
      if (this.#wanted) this.#fail(error ?? 'offline');
      return;
    }
    // There is time for it while the visitor waits.
    if (view && !connection.call) void this.#parts.adapters.preload(view.site.media);
    const call = view?.call ?? null;
    if (call?.ended) {
      // Otherwise the call of a stored token ended long ago: `#findOrRequest` requests a new one.
      if (connection.call || connection.requested) this.#finish({ ended: call.ended })?.close();
      return;
    }
    if (view && call) this.#handleCall(connection, call, view.site.media);
    else if (view && connection.call) {
      // It ended while this page was offline.
      const reason = connection.call.rooms.length ? 'visitor-gone' : 'abandoned';
      this.#finish({ ended: this.#endNow(connection.call, reason) })?.close();
      return;
    }
    this.#publish();
  }

  #handleCall(
    connection: VisitorConnection,
    call: VisitorCallView,
    usualMedia: MediaProvider,
  ): void {
    connection.call = call;
    // A call that is not wanted yet began before this page was loaded.
    this.#wanted = true;
    if (call.state !== 'choosing') this.#askForDevices();
    if (this.#waitsForJoin(connection, call)) return;
    const { iceServers, connectedAt } = call;
    const [view] = call.rooms;
    // The view has the signal until we have entered.
    const start = () => ({
      prepared: this.#takePrepared(),
      firstSignal: connection.call?.firstSignal,
    });
    const room = view ? { view, connectedAt, usualMedia, start } : null;
    this.#participation.follow(connection.signaling, room);
    if (iceServers || (usualMedia === 'trtc' && call.state === 'ringing'))
      this.#prepared ??= this.#parts.adapters.prepareMedia({ iceServers });
    else this.#closePrepared();
  }

  /** A page that nobody looks at sends neither sound nor picture: it calls the visitor back first. */
  #waitsForJoin({ signaling }: VisitorConnection, { id, state }: VisitorCallView): boolean {
    if (state !== 'ready') this.#join = 'unasked';
    else if (
      this.#join === 'unasked' &&
      this.#parts.platform.page.hidden &&
      !this.#participation.room
    ) {
      this.#join = 'asked';
      signaling.send<'report-hidden'>({ type: 'report-hidden', callId: id }, {}).catch(() => {
        // The socket closed for good, and the call failed with it.
      });
    }
    return this.#join === 'asked';
  }

  /** A refused device is a state, not a failure. */
  #askForDevices(): void {
    if (this.#devicesAsked) return;
    this.#devicesAsked = true;
    void this.local.start();
  }

  #takePrepared(): Promise<PreparedMedia | null> | null {
    const prepared = this.#prepared;
    this.#prepared = null;
    return prepared;
  }

  #closePrepared(): void {
    void this.#takePrepared()?.then((prepared) => prepared?.close());
  }

  #handleRoom(): void {
    const { state, error } = this.#participation.room!.getSnapshot();
    if (state !== 'failed') return this.#publish();
    // The agent need not wait for a visitor who cannot enter.
    void this.#finish({ error: error ?? 'media-failed' })?.endCall();
  }

  readonly #handleLockLost = (): void => {
    if (this.#wanted) this.#failElsewhere();
  };

  // ---- ending ----------------------------------------------------------------------------------

  #fail(code: ErrorCode, retryAfter?: number): RtcDeskError {
    const retryAt = retryAfter ? this.#parts.platform.clock.now() + retryAfter * 1_000 : null;
    this.#finish({ error: code, retryAt })?.close();
    return new RtcDeskError(code);
  }

  /** Another tab has the lock. The failure is forgotten when that tab is closed, or its call is over. */
  #failElsewhere(): RtcDeskError {
    const failure = this.#fail('signed-in-elsewhere');
    const attempt = this.#attempt;
    void this.#callLock.untilFree().then(() => {
      if (attempt === this.#attempt) this.reset();
    });
    return failure;
  }

  /** Stops devices and room, and releases the lock. Returns the connection, which the caller closes. */
  #finish(outcome: {
    ended?: VisitorCallEnd;
    error?: ErrorCode;
    retryAt?: number | null;
  }): VisitorConnection | null {
    const connection = this.#connection;
    const callId = connection?.call?.id ?? this.getSnapshot().callId;
    this.#attempt++;
    this.#wanted = false;
    this.#connection = this.#starting = null;
    const room = this.#participation.leave(false);
    this.#closePrepared();
    this.local.stop();
    this.#devicesAsked = false;
    this.#join = 'unasked';
    // In another tab the call goes on, and that tab needs the token.
    if (connection && outcome.error !== 'signed-in-elsewhere')
      this.#resumeStore.remove(connection.token);
    this.#release();
    const state = outcome.error ? 'failed' : 'ended';
    this.#store.update({
      ...NOTHING,
      state,
      callId,
      room,
      key: connection?.token ?? null,
      ...outcome,
    });
    return connection;
  }

  /** An end that is known here before the server tells it. */
  #endNow(call: VisitorCallView | null, reason: CallEnd['reason']): CallEnd {
    const at =
      this.#parts.platform.clock.now() +
      (this.#connection?.signaling.getSnapshot().clockOffset ?? 0);
    const seconds = call?.connectedAt ? Math.max(0, Math.floor((at - call.connectedAt) / 1000)) : 0;
    return { reason, at, seconds };
  }

  #close(connection: VisitorConnection): void {
    if (this.#connection === connection) this.#connection = null;
    connection.close();
  }

  #release(): void {
    this.#lock?.release();
    this.#lock = null;
  }

  #publish(): void {
    if (!this.#wanted) return;
    const call = this.#connection?.call ?? null;
    const room = this.#participation.room;
    this.#store.update({
      state: visitorCallState(call, room?.getSnapshot() ?? null),
      callId: call?.id ?? this.getSnapshot().callId,
      step: call?.step ?? null,
      position: call?.position ?? null,
      estimate: call?.estimate ?? null,
      agentOnline: call?.agentOnline ?? true,
      agentName: call?.agentName ?? null,
      online: this.#connection
        ? this.#connection.signaling.getSnapshot().state !== 'offline'
        : true,
      joinAsked: this.#join === 'asked',
      room,
      key: this.#connection?.token ?? null,
      recording: call?.recording,
      ended: null,
    });
  }
}

const NOTHING = {
  state: 'idle',
  error: null,
  retryAt: null,
  callId: null,
  step: null,
  position: null,
  estimate: null,
  agentOnline: true,
  agentName: null,
  online: true,
  joinAsked: false,
  room: null,
  ended: null,
  key: null,
} as const satisfies Partial<VisitorCallSnapshot>;
