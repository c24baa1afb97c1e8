import type { Clock } from '../../platform/clock.ts';
import { watchFirstFrame } from '../first-frame.ts';
import { MeshRecovery } from './recovery.ts';
import { MeshStatistics } from './statistics.ts';
import type { Quality, RemoteMedia } from '../media.ts';
import { networkQuality } from './network-quality.ts';
import { MeshConnection, type Tracks } from './connection.ts';
import {
  nextSerial,
  type CandidateSignal,
  type MeshSignal,
  type SessionName,
  type SourceStates,
} from './signal.ts';
import { RemoteSound } from './remote-sound.ts';
import { shapeOf } from './encoding.ts';

/** Who waits for the other's first offer makes one after this; the polite side gives the other more time. */
const OFFER_PATIENCE = { impolite: 500, polite: 1_500 };
/** After the browser refused a description. */
const REFUSED_PATIENCE = 2_000;
const HELD_CANDIDATES = 64;

export interface MeshLinkOptions {
  readonly self: string;
  readonly remote: string;
  readonly clock: Clock;
  readonly connect: () => RTCPeerConnection;
  readonly tracks: () => Tracks;
  readonly states: () => SourceStates;
  readonly send: (signal: MeshSignal) => void;
  readonly speaker: () => string;
  readonly changed: () => void;
  readonly firstFrame: (at: number) => void;
}

/**
 * Everything between us and one other participant. RTCPeerConnections come and go beneath it (MeshConnection), one at a
 * time; the link decides which of two proposals stands, and when to repair.
 */
export class MeshLink {
  readonly #options: MeshLinkOptions;
  readonly #polite: boolean;
  readonly #sound: RemoteSound;
  readonly #statistics = new MeshStatistics();
  readonly #recovery: MeshRecovery;
  #session: MeshConnection | null = null;
  /** Of the newest session that the other proposed. */
  #remoteSerial = 0;
  #ownSerial = 0;
  #early: CandidateSignal[] = [];
  #states: SourceStates = { sequence: 0, cameraOn: false, microphoneOn: false, screenOn: false };
  #everConnected = false;
  #destroyed = false;
  #level = 0;
  #received: Quality = 0;
  #sent: Quality = 0;
  #links = 1;
  /** Of this session nothing has been measured yet. */
  #fresh = true;
  #cancelOffer: (() => void) | null = null;
  #cancelFirstFrames: (() => void)[] = [];
  #frameSeen = false;

  constructor(options: MeshLinkOptions) {
    this.#options = options;
    this.#polite = options.self > options.remote;
    this.#sound = new RemoteSound(options.changed);
    this.#recovery = new MeshRecovery(options.clock, {
      restart: () => this.#restart(),
      rebuild: () => this.propose(),
    });
  }

  get soundBlocked(): boolean {
    return this.#sound.blocked;
  }

  get sentQuality(): Quality {
    return this.#sent;
  }

  get everConnected(): boolean {
    return this.#everConnected;
  }

  snapshot(): RemoteMedia {
    const connected = this.#session?.connection.connectionState === 'connected';
    const { cameraOn, microphoneOn, screenOn } = this.#states;
    return {
      id: this.#options.remote,
      state: connected ? 'connected' : this.#everConnected ? 'reconnecting' : 'connecting',
      camera: cameraOn ? this.#remoteTrack('camera') : null,
      screen: screenOn ? this.#remoteTrack('screen') : null,
      microphoneOn,
      cameraOn,
      level: this.#level,
      quality: connected ? this.#received : 0,
    };
  }

  /** Makes an offer of a new session, in place of whatever there was. */
  propose(): void {
    if (this.#destroyed) return;
    this.#cancelOffer?.();
    this.#ownSerial = nextSerial(this.#ownSerial);
    this.#begin({ by: this.#options.self, serial: this.#ownSerial }).offer();
  }

  /** The other is the newcomer and makes the first offer; one that does not come is made here. */
  awaitOffer(): void {
    const patience = this.#polite ? OFFER_PATIENCE.polite : OFFER_PATIENCE.impolite;
    this.#cancelOffer = this.#options.clock.after(patience, () => {
      if (!this.#session) this.propose();
    });
  }

  handle(signal: MeshSignal): void {
    if (this.#destroyed || signal.kind === 'bye') return;
    if (signal.kind === 'states') return this.#handleStates(signal.states);
    const { by, serial } = signal;
    const name = this.#session?.name;
    const current = name?.by === by && name.serial === serial;
    if (signal.kind === 'restart') {
      if (current && !this.#polite) this.#restart();
      return;
    }
    if (current) {
      this.#session?.handle(signal);
    } else if (by === this.#options.remote && serial > this.#remoteSerial) {
      if (signal.kind === 'offer') this.#handleProposal(signal);
      else if (signal.kind === 'candidate') this.#holdEarly(signal);
      return;
    } else {
      // Of a session that is over, or was never taken up.
      return;
    }
    if (signal.kind !== 'candidate') this.#handleStates(signal.states);
  }

  /** Signals may have been lost: says again what may not have arrived, and repairs what is broken. */
  handleSignalingRestored(): void {
    this.announce();
    if (this.#session?.connection.connectionState === 'connected') return;
    if (this.#session?.resendOffer()) return;
    if (this.#session?.answered) this.#restart();
    else if (!this.#session) this.propose();
  }

  /** Our sources changed. */
  handleSources(): void {
    this.#session?.replaceTracks();
  }

  announce(): void {
    this.#options.send({ kind: 'states', states: this.#options.states() });
  }

  /** How many links share our uplink. */
  setLinks(links: number): void {
    if (this.#links === links) return;
    this.#links = links;
    void this.#session?.shape();
  }

  /** Reads the level of what is heard now. Answers whether it changed. */
  measureLevel(): boolean {
    const source = this.#session?.receiver('microphone')?.getSynchronizationSources()[0];
    const level = this.#states.microphoneOn ? Math.round((source?.audioLevel ?? 0) * 20) / 20 : 0;
    if (level === this.#level) return false;
    this.#level = level;
    return true;
  }

  async measureQuality(): Promise<void> {
    const connection = this.#session?.connection;
    const sample = connection ? await this.#statistics.read(connection) : null;
    if (!sample) return;
    if (this.#fresh && connection?.connectionState === 'connected') {
      this.#fresh = false;
      void this.#session?.shape();
    }
    this.#received = networkQuality(sample.received);
    this.#sent = networkQuality(sample.sent);
  }

  async startAudio(): Promise<void> {
    await this.#sound.resume();
  }

  async setSpeaker(deviceId: string): Promise<void> {
    await this.#sound.setSpeaker(deviceId);
  }

  /** Idempotent: nothing is sent, heard or waited for any more. */
  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    this.#cancelOffer?.();
    this.#recovery.stop();
    this.#stopFirstFrames();
    this.#session?.close();
    this.#session = null;
    this.#sound.close();
  }

  #handleProposal(signal: Extract<MeshSignal, { kind: 'offer' | 'answer' }>): void {
    const own = this.#session;
    this.#remoteSerial = signal.serial;
    const unanswered = own?.name.by === this.#options.self && !own.answered;
    // Both proposed at once: the impolite side's stands, and the polite side takes it up when it comes.
    if (unanswered && !this.#polite) return;
    const session = this.#begin({ by: signal.by, serial: signal.serial });
    session.handle(signal);
    for (const early of this.#early) {
      if (early.serial === signal.serial) session.handle(early);
    }
    this.#early = [];
    this.#handleStates(signal.states);
  }

  #holdEarly(signal: CandidateSignal): void {
    if (signal.serial !== this.#early[0]?.serial) this.#early = [];
    if (this.#early.length < HELD_CANDIDATES) this.#early.push(signal);
  }

  #begin(name: SessionName): MeshConnection {
    const { clock, connect, tracks, states, send } = this.#options;
    this.#cancelOffer?.();
    this.#stopFirstFrames();
    this.#session?.close();
    const session: MeshConnection = new MeshConnection({
      name,
      polite: this.#polite,
      connection: connect(),
      clock,
      tracks,
      states,
      send,
      shape: (source) => shapeOf(source, { links: this.#links, fresh: this.#fresh }),
      changed: () => this.#handleSession(session),
      failed: (error) => this.#handleRefusal(session, error),
    });
    this.#session = session;
    this.#fresh = true;
    this.#recovery.handleStart();
    this.#options.changed();
    return session;
  }

  #handleSession(session: MeshConnection): void {
    if (session !== this.#session) return;
    const { connectionState } = session.connection;
    this.#recovery.handleState(connectionState);
    const microphone = session.receiver('microphone')?.track;
    if (microphone && session.answered && this.#sound.track !== microphone) {
      void this.#play(microphone);
      this.#watchFirstFrames(session);
    }
    if (connectionState === 'connected') {
      this.#everConnected = true;
      this.announce();
    }
    this.#options.changed();
  }

  #handleStates(states: SourceStates): void {
    if (states.sequence <= this.#states.sequence) return;
    this.#states = states;
    this.#options.changed();
  }

  /** What the browser refuses once it may take from a new connection; not at once, so that two do not race. */
  #handleRefusal(session: MeshConnection, error: unknown): void {
    if (session !== this.#session) return;
    console.warn('rtc-desk: a connection is built anew', error);
    session.close();
    this.#cancelOffer = this.#options.clock.after(REFUSED_PATIENCE, () => this.propose());
    this.#options.changed();
  }

  /**
   * Only the impolite side restarts ICE; the other asks it to. Where both offered at once the polite side
   * would have to roll its restart back, after which Chromium 147 stays connected and shows no more frames.
   */
  #restart(): void {
    const session = this.#session;
    if (!session?.answered) return;
    if (this.#polite) this.#options.send({ kind: 'restart', ...session.name });
    else if (!session.resendOffer()) session.offer(true);
  }

  async #play(track: MediaStreamTrack): Promise<void> {
    const playing = this.#sound.play(track);
    const speaker = this.#options.speaker();
    if (speaker) {
      // A speaker that was pulled out: the system's own goes on, as for every other sound.
      await this.#sound.setSpeaker(speaker).catch(() => undefined);
    }
    await playing;
  }

  #watchFirstFrames(session: MeshConnection): void {
    if (this.#frameSeen) return;
    for (const source of ['camera', 'screen'] as const) {
      const track = session.receiver(source)?.track;
      if (!track) continue;
      const seen = (at: number): void => {
        this.#frameSeen = true;
        this.#stopFirstFrames();
        this.#options.firstFrame(at);
      };
      this.#cancelFirstFrames.push(watchFirstFrame(track, seen));
    }
  }

  #stopFirstFrames(): void {
    for (const cancel of this.#cancelFirstFrames) cancel();
    this.#cancelFirstFrames = [];
  }

  #remoteTrack(source: 'camera' | 'screen'): MediaStreamTrack | null {
    return this.#session?.answered ? (this.#session.receiver(source)?.track ?? null) : null;
  }
}
