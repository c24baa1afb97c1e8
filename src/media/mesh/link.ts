import type { Clock } from '../../platform/clock.ts';
import type { VideoProfile } from '../../protocol/video-profile.ts';
import { MeshRecovery } from './recovery.ts';
import { MeshStatistics } from './statistics.ts';
import type { Quality, RemoteMedia } from '../media.ts';
import { carriedQuality, networkQuality, worstQuality } from './network-quality.ts';
import { MeshConnection, type MeshConnectionOptions, type Tracks } from './connection.ts';
import type { PreparedConnection } from './prepared-connection.ts';
import {
  nextSerial,
  type CandidateSignal,
  type MeshSignal,
  type ConnectionName,
  type SourceStates,
} from './signal.ts';
import { RemoteSound } from './remote-sound.ts';
import { encodingOf } from './encoding.ts';

/** How long to wait for the other's first offer before making one. The polite side waits longer. */
const OFFER_WAIT_MS = { impolite: 500, polite: 1_500 };
/** From a refused description to the next proposal. */
const REFUSED_WAIT_MS = 2_000;
const MAX_EARLY_CANDIDATES = 64;
/** After this time without a packet of sound ICE is restarted. */
const SILENCE_MS = 1_000;

export interface MeshLinkOptions {
  readonly self: string;
  readonly remote: string;
  readonly clock: Clock;
  readonly connect: () => RTCPeerConnection;
  readonly tracks: () => Tracks;
  readonly profile: () => VideoProfile | undefined;
  readonly states: () => SourceStates;
  readonly send: (signal: MeshSignal) => void;
  readonly speaker: () => string;
  readonly onChange: () => void;
}

/**
 * The media between us and one other participant. It has one RTCPeerConnection (MeshConnection) at a time. It decides
 * which of two colliding proposals is used, and when to repair or replace the connection.
 */
export class MeshLink {
  readonly #options: MeshLinkOptions;
  readonly #polite: boolean;
  readonly sound: RemoteSound;
  readonly #statistics = new MeshStatistics();
  readonly #recovery: MeshRecovery;
  #connection: MeshConnection | null = null;
  /** The serial of the newest connection that the other proposed. */
  #remoteSerial = 0;
  #ownSerial = 0;
  #early: CandidateSignal[] = [];
  #states: SourceStates = { sequence: 0, cameraOn: false, microphoneOn: false, screenOn: false };
  #everConnected = false;
  #destroyed = false;
  #level = 0;
  /** The time of the last packet of sound, as the browser counts it. */
  #soundAt: number | undefined;
  /** When that was read first, by performance.now(); Infinity after a restart for its sake. */
  #soundReadAt = 0;
  #received: Quality = 0;
  #sent: Quality = 0;
  #carried: Quality = 0;
  #links = 1;
  /** Nothing has been measured in this connection yet. */
  #fresh = true;
  #cancelOffer: (() => void) | null = null;

  constructor(options: MeshLinkOptions) {
    this.#options = options;
    this.#polite = options.self > options.remote;
    this.sound = new RemoteSound(options.onChange);
    this.#recovery = new MeshRecovery(options.clock, {
      restart: () => this.#restart(),
      rebuild: () => this.propose(),
    });
  }

  get sentQuality(): Quality {
    return this.#sent;
  }

  get everConnected(): boolean {
    return this.#everConnected;
  }

  snapshot(): RemoteMedia {
    const connected = this.#connection?.connection.connectionState === 'connected';
    const { cameraOn, microphoneOn, screenOn } = this.#states;
    return {
      id: this.#options.remote,
      state: connected ? 'connected' : this.#everConnected ? 'reconnecting' : 'connecting',
      camera: cameraOn ? this.#remoteTrack('camera') : null,
      screen: screenOn ? this.#remoteTrack('screen') : null,
      sound: this.sound.track,
      microphoneOn,
      cameraOn,
      level: this.#level,
      quality: connected ? this.#received : 0,
      carried: connected ? this.#carried : 0,
    };
  }

  /** Proposes a new connection, which replaces the present one. */
  propose(): void {
    if (this.#destroyed) return;
    this.#cancelOffer?.();
    this.#ownSerial = nextSerial(this.#ownSerial);
    this.#open({ by: this.#options.self, serial: this.#ownSerial }).offer();
  }

  /** The other one came later and makes the first offer. If it does not come, we make it. */
  awaitOffer(): void {
    const wait = this.#polite ? OFFER_WAIT_MS.polite : OFFER_WAIT_MS.impolite;
    this.#cancelOffer = this.#options.clock.after(wait, () => {
      if (!this.#connection) this.propose();
    });
  }

  /** Continues with a connection that was offered before anybody was in the room. */
  adopt(preparedConnection: PreparedConnection): void {
    if (this.#connection) return preparedConnection.close();
    this.#ownSerial = preparedConnection.serial;
    this.#open({ by: this.#options.self, serial: preparedConnection.serial }, preparedConnection);
    // The devices may have started since the offer was made.
    this.announce();
  }

  handle(signal: MeshSignal): void {
    if (this.#destroyed || signal.kind === 'bye') return;
    if (signal.kind === 'states') return this.#handleStates(signal.states);
    const { by, serial } = signal;
    const name = this.#connection?.name;
    const current = name?.by === by && name.serial === serial;
    if (signal.kind === 'restart') {
      if (current && !this.#polite) this.#restart();
      return;
    }
    if (current) {
      this.#connection?.handle(signal);
    } else if (by === this.#options.remote && serial > this.#remoteSerial) {
      if (signal.kind === 'offer') this.#handleProposal(signal);
      else if (signal.kind === 'candidate') this.#holdEarly(signal);
      return;
    } else {
      // It belongs to a connection that is over or was never used.
      return;
    }
    if (signal.kind !== 'candidate') this.#handleStates(signal.states);
  }

  /** Signals may have been lost: sends them again, and repairs a broken connection. */
  handleSignalingRestored(): void {
    this.announce();
    if (this.#connection?.connection.connectionState === 'connected') return;
    if (this.#connection?.resendOffer()) return;
    if (this.#connection?.answered) this.#restart();
    else if (!this.#connection) this.propose();
  }

  /** Our sources changed. */
  handleSources(): void {
    this.#connection?.replaceTracks();
  }

  announce(): void {
    this.#options.send({ kind: 'states', states: this.#options.states() });
  }

  /** The number of links that share our uplink. */
  setLinks(links: number): void {
    if (this.#links === links) return;
    this.#links = links;
    this.applyEncodings();
  }

  /** Pictures are to be sent in another way. */
  applyEncodings(): void {
    void this.#connection?.applyEncodings();
  }

  /**
   * Reads the present sound level. Returns whether it changed. A muted microphone sends silence, so that sound that
   * ceases tells of a changed network. The browser reports that seconds later.
   */
  measureLevel(): boolean {
    const source = this.#connection?.receiver('microphone')?.getSynchronizationSources()[0];
    const now = performance.now();
    if (source?.timestamp !== this.#soundAt) {
      this.#soundAt = source?.timestamp;
      this.#soundReadAt = now;
    } else if (source && now - this.#soundReadAt > SILENCE_MS) {
      this.#soundReadAt = Infinity;
      this.#restart();
    }
    const level = this.#states.microphoneOn ? Math.round((source?.audioLevel ?? 0) * 20) / 20 : 0;
    if (level === this.#level) return false;
    this.#level = level;
    return true;
  }

  async measureQuality(): Promise<void> {
    const connection = this.#connection?.connection;
    const sample = connection ? await this.#statistics.read(connection) : null;
    if (!sample) return;
    if (this.#fresh && connection?.connectionState === 'connected') {
      this.#fresh = false;
      this.applyEncodings();
    }
    this.#received = networkQuality(sample.received);
    const { camera, screen } = this.#options.tracks();
    // The capacity limits a picture. Without one the browser measures no more than the sound.
    const sent = camera || screen ? sample.sent : { ...sample.sent, available: null };
    this.#sent = networkQuality(sent);
    this.#carried = worstQuality([carriedQuality(sent), carriedQuality(sample.received)]);
  }

  /** Ends everything. Idempotent. */
  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    this.#cancelOffer?.();
    this.#recovery.stop();
    this.#connection?.close();
    this.#connection = null;
    this.sound.close();
  }

  #handleProposal(signal: Extract<MeshSignal, { kind: 'offer' | 'answer' }>): void {
    const own = this.#connection;
    this.#remoteSerial = signal.serial;
    const unanswered = own?.name.by === this.#options.self && !own.answered;
    // Both proposed at once: the impolite side's proposal is used.
    if (unanswered && !this.#polite) return;
    const connection = this.#open({ by: signal.by, serial: signal.serial });
    connection.handle(signal);
    for (const early of this.#early) {
      if (early.serial === signal.serial) connection.handle(early);
    }
    this.#early = [];
    this.#handleStates(signal.states);
  }

  #holdEarly(signal: CandidateSignal): void {
    if (signal.serial !== this.#early[0]?.serial) this.#early = [];
    if (this.#early.length < MAX_EARLY_CANDIDATES) this.#early.push(signal);
  }

  #open(name: ConnectionName, preparedConnection?: PreparedConnection): MeshConnection {
    this.#cancelOffer?.();
    this.#connection?.close();
    const options: MeshConnectionOptions = {
      ...this.#options,
      name,
      polite: this.#polite,
      encoding: (source) =>
        encodingOf(source, {
          links: this.#links,
          fresh: this.#fresh,
          profile: this.#options.profile(),
        }),
      onChange: () => this.#handleConnection(connection),
      onFailure: (error) => this.#handleRefusal(connection, error),
    };
    const connection =
      preparedConnection?.handOver(options) ?? new MeshConnection(options, this.#options.connect());
    this.#connection = connection;
    this.#fresh = true;
    this.#recovery.handleStart();
    this.#options.onChange();
    return connection;
  }

  #handleConnection(connection: MeshConnection): void {
    if (connection !== this.#connection) return;
    const { connectionState } = connection.connection;
    this.#recovery.handleState(connectionState);
    const microphone = connection.receiver('microphone')?.track;
    if (microphone && connection.answered && this.sound.track !== microphone) {
      void this.#play(microphone);
    }
    if (connectionState === 'connected') {
      this.#everConnected = true;
      this.announce();
    }
    this.#options.onChange();
  }

  #handleStates(states: SourceStates): void {
    if (states.sequence <= this.#states.sequence) return;
    this.#states = states;
    this.#options.onChange();
  }

  /** A new connection may work. It waits, so that both sides do not propose at once. */
  #handleRefusal(connection: MeshConnection, error: unknown): void {
    if (connection !== this.#connection) return;
    console.warn('rtc-desk: connection replaced', error);
    connection.close();
    this.#cancelOffer = this.#options.clock.after(REFUSED_WAIT_MS, () => this.propose());
    this.#options.onChange();
  }

  /**
   * Only the impolite side restarts ICE; the polite one asks it to. If both restarted at once, the polite side would
   * have to roll its restart back, after which Chromium 147 stays connected and shows no more frames.
   */
  #restart(): void {
    const connection = this.#connection;
    if (!connection?.answered) return;
    if (this.#polite) this.#options.send({ kind: 'restart', ...connection.name });
    else if (!connection.resendOffer()) connection.offer(true);
  }

  async #play(track: MediaStreamTrack): Promise<void> {
    const playing = this.sound.play(track);
    const speaker = this.#options.speaker();
    if (speaker) {
      // The speaker was unplugged: the system's default speaker is used, as for every other sound.
      await this.sound.setSpeaker(speaker).catch(() => undefined);
    }
    await playing;
  }

  #remoteTrack(source: 'camera' | 'screen'): MediaStreamTrack | null {
    return this.#connection?.answered ? (this.#connection.receiver(source)?.track ?? null) : null;
  }
}
