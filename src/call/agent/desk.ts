import type { CommandBody, CommandType, CommandValues } from '../../protocol/client-messages.ts';
import { RtcDeskError } from '../../protocol/errors.ts';
import { limits } from '../../protocol/limits.ts';
import { PROTOCOL_VERSION } from '../../protocol/version.ts';
import type { AgentView, ChosenStatus, LegView, MediaProvider } from '../../protocol/views.ts';
import type { Signaling } from '../../signaling/signaling.ts';
import { Store } from '../../snapshot/store.ts';
import type {
  AgentDeskControl,
  AgentDeskSnapshot,
  Credentials,
  DispositionChoice,
  PasswordChange,
  RecordingStep,
} from '../agent-desk-control.ts';
import { asRtcDeskError } from '../as-rtc-desk-error.ts';
import type { CallParts } from '../call-parts.ts';
import { activeLeg, offeredLeg, wrapUpLeg } from '../own-legs.ts';
import type { RoomControl } from '../room-control.ts';
import type { RoomSession } from '../room/session.ts';
import { AgentSignIn } from './agent-sign-in.ts';
import { SignalingRecords } from './desk-records.ts';
import { DeskRooms, type DeskRoom } from './desk-rooms.ts';
import { untilFirstView } from './first-view.ts';
import { OfferedMedia } from './offered-media.ts';
import { DeskRecording, type OpenRecordings, type RecordedCall } from './desk-recording.ts';

export interface AgentDeskOptions {
  readonly server: string;
  /** The site whose desk this is; null: not known. Only its agents can sign in here. */
  readonly findSite?: () => string | null;
}

/** What a desk is built from. */
export interface DeskParts extends CallParts {
  readonly openRecordings: OpenRecordings;
  /** Whether earlier pages of this browser have left something of a recording to send. */
  readonly hasStoredRecordings: () => Promise<boolean>;
}

const COMMAND_TIMEOUT_MS = 15_000;

/** An agent's desk in one tab. It shows the server's view, and in the active tab it is in the rooms of the legs. */
export class AgentDesk implements AgentDeskControl {
  readonly #server: string;
  readonly #parts: CallParts;
  readonly #signIn: AgentSignIn;
  readonly #rooms: DeskRooms;
  readonly #offeredMedia: OfferedMedia;
  readonly #recording: DeskRecording;
  readonly #store = new Store<AgentDeskSnapshot>(SIGNED_OUT);
  readonly records = new SignalingRecords(
    (body) => this.#ask(body),
    (path) => this.#parts.platform.resolve(path, this.#server),
  );
  #signaling: Signaling<AgentView> | null = null;
  #unsubscribe: (() => void) | null = null;
  /** A call that was ended here. The server may not know it yet. */
  #endedCall: string | null = null;
  /** A leg whose accept has no result yet. Its room is not entered before: the result says how. */
  #accepting: string | null = null;
  #devicesWanted = false;
  /** Counts the sign-ins, so that the late answer to an earlier one is dropped. */
  #attempt = 0;

  constructor({ server, findSite = () => null }: AgentDeskOptions, parts: DeskParts) {
    this.#server = server;
    this.#parts = parts;
    this.#signIn = new AgentSignIn(parts.platform, server, findSite);
    this.#rooms = new DeskRooms(server, parts);
    this.#offeredMedia = new OfferedMedia(parts, (room) => this.#rooms.devicesOf(room));
    this.#recording = new DeskRecording({
      server,
      clock: parts.platform.clock,
      open: parts.openRecordings,
      hasStored: parts.hasStoredRecordings,
      headers: () => this.#signIn.headers,
      ask: (body) => this.#ask(body),
    });
  }

  getSnapshot(): Readonly<AgentDeskSnapshot> {
    return this.#store.getSnapshot();
  }

  subscribe(listener: () => void): () => void {
    return this.#store.subscribe(listener);
  }

  async signIn(credentials: Credentials): Promise<void> {
    if ('token' in credentials && this.#signIn.renews(credentials.token)) {
      this.#signIn.renew(credentials.token);
      // The socket lives as long as the newest token that the server has.
      await this.#ask({ type: 'renew-token', token: credentials.token });
      return;
    }
    this.disconnect();
    const attempt = this.#attempt;
    this.#store.update({ state: 'signing-in' });
    try {
      const token =
        'token' in credentials ? credentials.token : await this.#signIn.exchange(credentials);
      if (attempt !== this.#attempt) return;
      await this.#connect(token);
    } catch (error) {
      const failure = asRtcDeskError(error, 'server-error');
      if (attempt === this.#attempt) this.#leaveDesk(failure);
      throw failure;
    }
  }

  async resume(): Promise<boolean> {
    if (this.#signaling) return true;
    const attempt = ++this.#attempt;
    const session = await this.#signIn.findSession();
    if (!session || attempt !== this.#attempt) return false;
    this.#store.update({ state: 'signing-in', error: null });
    try {
      await this.#connect(session.token);
      return true;
    } catch (error) {
      // The session is over, or the server cannot be reached; then the session may still be good the next time.
      if (attempt === this.#attempt) this.#leaveDesk(asRtcDeskError(error, 'server-error'));
      return false;
    }
  }

  async signOut(): Promise<void> {
    const call = this.getSnapshot().view && activeLeg(this.getSnapshot().view!);
    // The visitor is told that the agent ended the call, and does not wait for somebody who is signed out.
    if (call) await this.#endCall(call.call.id);
    await this.#signIn.signOut(() => this.disconnect());
  }

  changePassword(change: PasswordChange): Promise<void> {
    return this.#signIn.changePassword(change);
  }

  async setStatus(status: ChosenStatus): Promise<void> {
    await this.#ask({ type: 'set-status', status });
  }

  async accept(): Promise<void> {
    const { id: legId } = this.#leg(offeredLeg, 'the offer is gone');
    // Within the click; entering the room does not wait for the devices.
    this.#startDevices();
    this.#accepting = legId;
    const type = 'accept-offer';
    try {
      await this.#offeredMedia.accept(this.#requireSignaling(), (firstSignal) =>
        this.#ask<'accept-offer'>({ type, legId, ...(firstSignal ? { firstSignal } : {}) }),
      );
    } catch (error) {
      if (this.#rooms.sessions.length === 0) this.#stopDevices();
      throw error;
    } finally {
      if (this.#accepting === legId) this.#accepting = null;
      this.#follow();
    }
  }

  async decline(): Promise<void> {
    const { id: legId } = this.#leg(offeredLeg, 'the offer is gone');
    await this.#ask({ type: 'decline-offer', legId });
  }

  async endCall(): Promise<void> {
    await this.#endCall(this.#leg(activeLeg, 'there is no call').call.id);
  }

  async finishWrapUp(): Promise<void> {
    const { id: legId } = this.#leg(wrapUpLeg, 'there is nothing to wrap up');
    await this.#ask({ type: 'finish-wrap-up', legId });
  }

  async extendWrapUp(): Promise<void> {
    const { id: legId } = this.#leg(wrapUpLeg, 'there is nothing to wrap up');
    await this.#ask({ type: 'extend-wrap-up', legId });
  }

  async setDisposition({
    code,
    note,
    callId = this.#latestCall(),
  }: DispositionChoice): Promise<void> {
    const type = 'set-disposition';
    await this.#ask({ type, callId, code, ...(note !== undefined && { note }) });
  }

  async saveNote(callId: string, note: string): Promise<void> {
    await this.#ask({ type: 'save-note', callId, note });
  }

  async setTags(callId: string, tags: readonly string[]): Promise<void> {
    await this.#ask({ type: 'set-tags', callId, tags });
  }

  async changeRecording(step: RecordingStep): Promise<void> {
    const { id: callId } = this.#leg(activeLeg, 'there is no call').call;
    await this.#ask({ type: `${step}-recording`, callId });
  }

  async activateTab(): Promise<void> {
    await this.#ask({ type: 'activate-tab' });
  }

  sendMediaTo(room: number): void {
    this.#rooms.sendMediaTo(room);
    this.#store.update({ room: this.#rooms.withMedia });
  }

  disconnect(): void {
    this.#leaveDesk(null);
  }

  // ---- signing in ------------------------------------------------------------------------------

  /** Resolves with the first view. */
  async #connect(token: string | null): Promise<void> {
    this.#signIn.begin(token);
    const signaling = this.#parts.connect<AgentView>({
      server: this.#server,
      hello: (previous) => ({
        type: 'hello',
        protocol: PROTOCOL_VERSION,
        role: 'agent',
        ...this.#signIn.hello,
        ...(previous ? { continues: previous } : { fresh: true }),
      }),
      onDelivery: (delivery) => this.#rooms.handleDelivery(delivery),
    });
    this.#signaling = signaling;
    await untilFirstView(signaling, this.#parts.platform.clock);
    if (signaling !== this.#signaling) return;
    this.#unsubscribe = signaling.subscribe(() => this.#follow());
    this.#follow();
  }

  /** Releases socket, rooms and devices. The session stays valid, unless the server refused it. */
  #leaveDesk(error: RtcDeskError | null): void {
    this.#attempt++;
    if (error?.code === 'unauthorized') this.#signIn.forget();
    this.#signIn.end();
    this.#unsubscribe?.();
    this.#unsubscribe = null;
    const signaling = this.#signaling;
    this.#signaling = null;
    this.#recording.close();
    this.#rooms.leave();
    this.#offeredMedia.close();
    this.#stopDevices();
    signaling?.close();
    this.#endedCall = this.#accepting = null;
    this.#store.update({ ...SIGNED_OUT, error: error?.code ?? null });
  }

  // ---- following the server --------------------------------------------------------------------

  #follow(): void {
    const signaling = this.#signaling;
    if (!signaling) return;
    const { state, error, view, clockOffset } = signaling.getSnapshot();
    if (state === 'closed') return this.#leaveDesk(new RtcDeskError(error ?? 'offline'));
    // There is time for it while the call rings.
    const offered = view && offeredLeg(view);
    if (offered) void this.#parts.adapters.preload(view.agent.site.media);
    this.#offeredMedia.follow(view?.activeTab ? offered : null);
    const last = this.#rooms.withMedia;
    this.#followRooms(signaling, view);
    const room = this.#rooms.withMedia;
    if (view) this.#recording.follow(view, this.#recordedCall(view), clockOffset);
    this.#store.update({
      state: 'signed-in',
      error: null,
      byPassword: this.#signIn.isByPassword,
      online: state === 'online',
      view,
      clockOffset,
      rooms: this.#rooms.sessions,
      room,
      lastRoom: this.#lastRoom(view, room ? null : last),
    });
  }

  #followRooms(signaling: Signaling<AgentView>, view: AgentView | null): void {
    const legs = view?.legs ?? [];
    const live = legs.filter(({ call }) => call.id !== this.#endedCall);
    if (live.length === legs.length) this.#endedCall = null;
    const rooms = live
      .filter(({ id, state }) => state !== 'offered' && id !== this.#accepting)
      .flatMap((leg) => this.#roomsOf(leg, view?.agent.site.media));
    const mayEnter = rooms.some((room) => room.view.ticket);
    // At TRTC the offer has a ticket for the active tab. The devices open while it rings, as long as we hear of its end.
    const rings =
      signaling.getSnapshot().state === 'online' &&
      live.some(({ state, rooms: [room] }) => state === 'offered' && room?.ticket);
    if (mayEnter || rings) this.#startDevices();
    this.#rooms.follow(signaling, rooms);
    const holdsCall =
      view?.activeTab && live.some(({ state }) => state === 'accepted' || state === 'joined');
    if (!mayEnter && !rings && !holdsCall && this.#accepting === null) this.#stopDevices();
  }

  #roomsOf({ call, rooms }: LegView, usualMedia: MediaProvider | undefined): DeskRoom[] {
    return rooms.map((view): DeskRoom => {
      const isCallRoom = view.kind === 'call';
      const connectedAt = isCallRoom ? call.connectedAt : null;
      const onLeave = async () => {
        if (isCallRoom) await this.#endCall(call.id);
      };
      const own = this.#offeredMedia.roomOptions(view.number);
      return { view, connectedAt, usualMedia, onLeave, ...own };
    });
  }

  /** The call of this tab that the server wants recorded in this browser; null if there is none. */
  #recordedCall({ legs }: AgentView): RecordedCall | null {
    const leg = legs.find(({ state, call }) => state === 'joined' && call.id !== this.#endedCall);
    const number = leg?.rooms.find(({ kind }) => kind === 'call')?.number;
    const room = this.#rooms.sessions.find((session) => session.getSnapshot().room === number);
    const recording = leg?.call.recording;
    return leg && recording && recording.by !== 'cloud' && room
      ? { id: leg.call.id, recording, room }
      : null;
  }

  /** The room that was just left, or whose call is still in wrap-up. */
  #lastRoom(view: AgentView | null, left: RoomSession | null): RoomControl | null {
    if (!view || !(wrapUpLeg(view) || activeLeg(view))) return null;
    return left ?? this.getSnapshot().lastRoom ?? null;
  }

  async #endCall(callId: string): Promise<void> {
    const signaling = this.#signaling;
    if (!signaling) throw new RtcDeskError('conflict', 'signed out');
    // Over reconnects, for as long as the server would wait for this agent. Room and devices stop now.
    const ended = signaling.send<'end-call'>(
      { type: 'end-call', callId },
      { timeoutMs: limits.agentGrace },
    );
    this.#endedCall = callId;
    this.#follow();
    await ended;
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

  #latestCall(): string {
    const { view } = this.getSnapshot();
    const leg = view && (wrapUpLeg(view) ?? activeLeg(view));
    const callId =
      leg?.call.id ?? view?.today.calls.find(({ outcome }) => outcome === 'talked')?.id;
    if (callId === undefined) throw new RtcDeskError('conflict', 'there is no call');
    return callId;
  }

  /** Rejects a command for which there is no leg. */
  #leg(select: (view: AgentView) => LegView | null, otherwise: string): LegView {
    const { view } = this.getSnapshot();
    const leg = view && select(view);
    if (!leg) throw new RtcDeskError('conflict', otherwise);
    return leg;
  }

  #ask<T extends CommandType>(body: CommandBody<T>): Promise<CommandValues[T]> {
    return this.#requireSignaling().send<T>(body, { timeoutMs: COMMAND_TIMEOUT_MS });
  }

  #requireSignaling(): Signaling<AgentView> {
    if (this.#signaling) return this.#signaling;
    throw new RtcDeskError('unauthorized', 'signed out');
  }
}

const SIGNED_OUT: AgentDeskSnapshot = {
  state: 'signed-out',
  error: null,
  byPassword: false,
  online: false,
  view: null,
  clockOffset: 0,
  rooms: [],
  room: null,
  lastRoom: null,
};
