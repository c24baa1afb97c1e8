import type { CommandBody, CommandType } from '../../protocol/client-messages.ts';
import { RtcDeskError } from '../../protocol/errors.ts';
import { limits } from '../../protocol/limits.ts';
import { PROTOCOL_VERSION } from '../../protocol/version.ts';
import type { AgentView, ChosenStatus } from '../../protocol/views.ts';
import type { Signaling } from '../../signaling/signaling-client.ts';
import { Store } from '../../snapshot/store.ts';
import type { AgentDeskControl, AgentDeskSnapshot, Credentials } from '../agent-desk-control.ts';
import { AgentSessionStore } from './session-store.ts';
import { signInByPassword, signOutSession, tokenSubject } from './sign-in.ts';
import { asRtcDeskError } from '../as-rtc-desk-error.ts';
import type { CallParts } from '../call-parts.ts';
import { RoomParticipation } from '../room/participation.ts';
import type { RoomControl } from '../room-control.ts';
import type { RoomSession } from '../room/session.ts';

/** A press gets its answer within this, in ms. */
const COMMAND_DEADLINE = 15_000;
/** How long a sign-in waits for the desk's first word. */
const SIGN_IN_DEADLINE = 20_000;

/** An agent's desk in one tab: signed in, it shows the server's view, and sits in the room of the call in charge. */
export class AgentDesk implements AgentDeskControl {
  readonly #server: string;
  readonly #parts: CallParts;
  readonly #sessions: AgentSessionStore;
  readonly #seat: RoomParticipation;
  readonly #store = new Store<AgentDeskSnapshot>(SIGNED_OUT);
  #signaling: Signaling<AgentView> | null = null;
  #unsubscribe: (() => void) | null = null;
  #token = '';
  /** Ended here, although the server may not have been told yet. */
  #endedCall: string | null = null;
  #devicesWanted = false;
  /** Counts the sign-ins, so that the answer to an earlier one is dropped. */
  #turn = 0;

  constructor(options: { readonly server: string }, parts: CallParts) {
    this.#server = options.server;
    this.#parts = parts;
    this.#sessions = new AgentSessionStore(options.server);
    this.#seat = new RoomParticipation({
      server: options.server,
      parts,
      onLeave: () => this.endCall(),
      // A room tells its own subscribers.
      onChange: () => {},
    });
  }

  getSnapshot(): Readonly<AgentDeskSnapshot> {
    return this.#store.getSnapshot();
  }

  subscribe(listener: () => void): () => void {
    return this.#store.subscribe(listener);
  }

  async signIn(credentials: Credentials): Promise<void> {
    if ('token' in credentials && this.#renews(credentials.token)) {
      this.#token = credentials.token;
      return;
    }
    this.disconnect();
    const turn = this.#turn;
    this.#store.update({ state: 'signing-in' });
    try {
      const token = 'token' in credentials ? credentials.token : await this.#signIn(credentials);
      if (turn !== this.#turn) return;
      await this.#connect(token);
    } catch (error) {
      const failure = asRtcDeskError(error, 'server-error');
      if (turn === this.#turn) this.#leaveDesk(failure);
      throw failure;
    }
  }

  async resume(): Promise<boolean> {
    if (this.#signaling) return true;
    const session = this.#sessions.read(this.#parts.clock.now());
    if (!session) return false;
    const turn = ++this.#turn;
    this.#store.update({ state: 'signing-in', error: null });
    try {
      await this.#connect(session.token);
      return true;
    } catch (error) {
      // Expired or ended elsewhere: as if there had been none. Not reached: it may be good the next time.
      if (turn === this.#turn) this.#leaveDesk(asRtcDeskError(error, 'server-error'));
      return false;
    }
  }

  async signOut(): Promise<void> {
    const token = this.#token;
    const byPassword = this.#sessions.read(this.#parts.clock.now())?.token === token;
    this.disconnect();
    if (!byPassword) return;
    this.#sessions.forget();
    await signOutSession(this.#server, token);
  }

  setStatus(status: ChosenStatus): Promise<void> {
    return this.#ask({ type: 'set-status', status });
  }

  async accept(): Promise<void> {
    const offerId = this.#offerId();
    // Asked for now, in the click; entering the room does not wait for the answer.
    this.#startDevices();
    try {
      await this.#ask({ type: 'accept-offer', offerId });
    } catch (error) {
      if (!this.#seat.room) this.#stopDevices();
      throw error;
    }
  }

  async decline(): Promise<void> {
    await this.#ask({ type: 'decline-offer', offerId: this.#offerId() });
  }

  async endCall(): Promise<void> {
    const signaling = this.#signaling;
    const callId = signaling?.getSnapshot().view?.call?.id;
    if (!signaling || !callId) throw new RtcDeskError('conflict', 'there is no call');
    // Told over reconnects, for as long as the server would wait for this agent; room and devices stop now.
    const told = signaling.send<'end-call'>(
      { type: 'end-call', callId },
      { deadline: limits.agentGrace },
    );
    this.#endedCall = callId;
    this.#follow();
    await told;
  }

  async finishWrapUp(): Promise<void> {
    const callId = this.getSnapshot().view?.wrapUp?.callId;
    if (!callId) throw new RtcDeskError('conflict', 'there is nothing to wrap up');
    await this.#ask({ type: 'finish-wrap-up', callId });
  }

  activateTab(): Promise<void> {
    return this.#ask({ type: 'activate-tab' });
  }

  disconnect(): void {
    this.#leaveDesk(null);
  }

  // ---- signing in ------------------------------------------------------------------------------

  async #signIn(credentials: { username: string; password: string }): Promise<string> {
    const session = await signInByPassword(this.#server, credentials);
    this.#sessions.keep(session);
    return session.token;
  }

  /** A CRM hands out a new token now and then: the call that is under way must not notice. */
  #renews(token: string): boolean {
    const subject = tokenSubject(token);
    return this.#signaling !== null && subject !== null && subject === tokenSubject(this.#token);
  }

  /** Resolves with the first view. */
  #connect(token: string): Promise<void> {
    this.#token = token;
    const signaling = this.#parts.connect<AgentView>({
      server: this.#server,
      hello: (previous) => ({
        type: 'hello',
        protocol: PROTOCOL_VERSION,
        role: 'agent',
        token: this.#token,
        ...(previous ? { continues: previous } : { fresh: true }),
      }),
      onDelivery: (delivery) => this.#seat.handleDelivery(delivery),
    });
    this.#signaling = signaling;
    return new Promise((resolve, reject) => {
      const done = (error: RtcDeskError | null) => {
        cancel();
        unsubscribe();
        if (error) return reject(error);
        this.#unsubscribe = signaling.subscribe(() => this.#follow());
        this.#follow();
        resolve();
      };
      const cancel = this.#parts.clock.after(SIGN_IN_DEADLINE, () => {
        done(new RtcDeskError('offline'));
      });
      const unsubscribe = signaling.subscribe(() => {
        const { state, error, view } = signaling.getSnapshot();
        if (view) done(null);
        else if (state === 'closed') done(new RtcDeskError(error ?? 'offline'));
      });
      signaling.open();
    });
  }

  /** Lets go of socket, room and devices; the session itself stays good, unless it is what was refused. */
  #leaveDesk(error: RtcDeskError | null): void {
    this.#turn++;
    if (error?.code === 'unauthorized') this.#sessions.forget();
    this.#unsubscribe?.();
    this.#unsubscribe = null;
    const signaling = this.#signaling;
    this.#signaling = null;
    this.#seat.leave(true);
    this.#stopDevices();
    signaling?.close();
    this.#endedCall = null;
    this.#store.update({ ...SIGNED_OUT, error: error?.code ?? null });
  }

  // ---- following the server --------------------------------------------------------------------

  #follow(): void {
    const signaling = this.#signaling;
    if (!signaling) return;
    const { state, error, view, clockOffset } = signaling.getSnapshot();
    if (state === 'closed') return this.#leaveDesk(new RtcDeskError(error ?? 'offline'));
    // While it rings there is time for it.
    if (view?.offer) void this.#parts.adapters.preload(view.agent.site.media);
    const last = this.#seat.room;
    this.#sit(signaling, view);
    const room = this.#seat.room;
    this.#store.update({
      state: 'signed-in',
      error: null,
      online: state === 'online',
      view,
      clockOffset,
      room,
      lastRoom: this.#lastRoom(view, room ? null : last),
    });
  }

  #sit(signaling: Signaling<AgentView>, view: AgentView | null): void {
    const call = view?.call ?? null;
    if (call?.id !== this.#endedCall) this.#endedCall = null;
    const mine = view?.inCharge && call && call.id !== this.#endedCall ? call : null;
    const seat = mine?.ticket
      ? {
          ticket: mine.ticket,
          room: mine.room,
          connectedAt: mine.connectedAt,
          usual: view?.agent.site.media,
        }
      : null;
    if (seat) this.#startDevices();
    this.#seat.follow(signaling, seat);
    if (!seat && !view?.offer && !mine) this.#stopDevices();
  }

  /** The one that was just left, or is still being wrapped up. */
  #lastRoom(view: AgentView | null, left: RoomSession | null): RoomControl | null {
    if (!view?.wrapUp && !view?.call) return null;
    return left ?? this.getSnapshot().lastRoom ?? null;
  }

  #startDevices(): void {
    if (this.#devicesWanted) return;
    this.#devicesWanted = true;
    void this.#parts.local.start();
  }

  #stopDevices(): void {
    if (!this.#devicesWanted) return;
    this.#devicesWanted = false;
    this.#parts.local.stop();
  }

  #offerId(): string {
    const id = this.getSnapshot().view?.offer?.id;
    if (!id) throw new RtcDeskError('conflict', 'the offer is gone');
    return id;
  }

  async #ask<T extends CommandType>(body: CommandBody<T>): Promise<void> {
    if (!this.#signaling) throw new RtcDeskError('unauthorized', 'signed out');
    await this.#signaling.send(body, { deadline: COMMAND_DEADLINE });
  }
}

const SIGNED_OUT: AgentDeskSnapshot = {
  state: 'signed-out',
  error: null,
  online: false,
  view: null,
  clockOffset: 0,
  room: null,
  lastRoom: null,
};
