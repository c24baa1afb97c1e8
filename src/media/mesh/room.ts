import { RtcDeskError, type ErrorCode } from '../../protocol/errors.ts';
import { limits } from '../../protocol/limits.ts';
import type { FirstSignal, MediaTicket } from '../../protocol/views.ts';
import { systemClock, type Clock } from '../../platform/clock.ts';
import { keepUnchanged } from '../../snapshot/keep-unchanged.ts';
import { Store } from '../../snapshot/store.ts';
import type { MediaRoom, MediaRoomOptions, MediaSnapshot, PictureSize } from '../media.ts';
import { worstQuality } from './network-quality.ts';
import type { PreparedConnection } from './prepared-connection.ts';
import { MeshLink } from './link.ts';
import { readSources, type LocalSources } from './local-sources.ts';
import { nextSerial, readMeshSignal } from './signal.ts';
import { makeConnection, type Connect } from './spare.ts';

export { makeSpare } from './spare.ts';

type MeshTicket = Extract<MediaTicket, { provider: 'mesh' }>;

const LEVEL_INTERVAL_MS = 200;
const QUALITY_INTERVAL_MS = 2_000;
/** An offer may arrive before the roster with its sender. The sender must appear in a roster within this time. */
const UNLISTED_TIMEOUT_MS = 15_000;
const MAX_OTHERS = limits.meshParticipants - 1;

export interface MeshRoomOptions extends Omit<MediaRoomOptions<MeshTicket>, 'start'> {
  /** Made before there was a room. */
  readonly spare?: RTCPeerConnection;
  readonly preparedConnection?: PreparedConnection;
  readonly firstSignal?: FirstSignal | undefined;
  readonly clock?: Clock;
  readonly connect?: Connect | undefined;
}

/**
 * A room in which every browser sends to every other one. An agent who accepts has made an offer before
 * (prepared-connection.ts),
 * which the visitor answers. Otherwise the one who comes later makes the offer, because their first roster tells who is
 * there. So the first signal is sent one round trip earlier than if the others had to learn of the newcomer first.
 */
export class MeshRoom implements MediaRoom {
  readonly #options: MeshRoomOptions;
  readonly #clock: Clock;
  readonly #store = new Store<MediaSnapshot>({
    state: 'idle',
    error: null,
    remotes: [],
    quality: 0,
    audioBlocked: false,
  });
  readonly #links = new Map<string, MeshLink>();
  /** Those who are in no roster yet, with the function that cancels their timeout. */
  readonly #unlisted = new Map<string, () => void>();
  /** Those who sent a leave notice, until a roster no longer lists them. */
  readonly #gone = new Set<string>();
  /** A connection that is not used yet. */
  #spare: RTCPeerConnection | null = null;
  /** A connection that was offered before anybody was in the room. The first person who answers gets it. */
  #preparedConnection: PreparedConnection | null = null;
  #roster: readonly string[] | null = null;
  #speaker = '';
  #sequence = 0;
  #sources: LocalSources;
  #unsubscribe: (() => void) | null = null;
  #cancelLevel: (() => void) | null = null;
  #cancelQuality: (() => void) | null = null;

  constructor(options: MeshRoomOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#sources = readSources(options.local);
    this.#spare = options.spare ?? null;
    this.#preparedConnection = options.preparedConnection ?? null;
  }

  getSnapshot(): Readonly<MediaSnapshot> {
    return this.#store.getSnapshot();
  }

  subscribe(listener: () => void): () => void {
    return this.#store.subscribe(listener);
  }

  /** There is no media server to ask: the server's own admission is enough. */
  async enter(): Promise<void> {
    if (this.getSnapshot().state !== 'idle') {
      throw new RtcDeskError('media-failed');
    }
    if (typeof RTCPeerConnection === 'undefined') this.#fail('unsupported-browser');
    if (this.#roster && this.#roster.length > MAX_OTHERS) this.#fail('room-full');
    try {
      // Shows whether this ticket allows connections at all. The first link uses the connection.
      if (!this.#preparedConnection) this.#spare ??= this.#connect();
    } catch (error) {
      this.#fail('media-failed', error);
    }
    this.#handleLocal();
    this.#unsubscribe = this.#options.local.subscribe(() => this.#handleLocal());
    this.#store.update({ state: 'entered' });
    this.#measureLevels();
    this.#measureQualities();
    const { firstSignal: first } = this.#options;
    if (first && this.#roster?.includes(first.from)) this.handleSignal(first.from, first.data);
    if (this.#roster) this.#followRoster(this.#roster, true);
  }

  handleRoster(participants: readonly string[]): void {
    const others = participants.filter((id) => id !== this.#options.self);
    const first = this.#roster === null;
    this.#roster = others;
    if (!this.#isIn()) return;
    if (first && others.length > MAX_OTHERS) {
      this.#release();
      this.#store.update({ state: 'failed', error: 'room-full', remotes: [] });
      return;
    }
    this.#followRoster(others, first);
  }

  handleSignal(from: string, data: unknown): void {
    if (!this.#isIn() || from === this.#options.self) return;
    const signal = readMeshSignal(data, from);
    if (!signal) return;
    if (signal.kind === 'bye') {
      if (this.#links.has(from) || this.#roster?.includes(from)) this.#gone.add(from);
      this.#drop(from);
      return;
    }
    const answered = signal.kind === 'answer' && signal.serial === this.#preparedConnection?.serial;
    let link = this.#links.get(from);
    if (!link && (answered || signal.kind === 'offer')) {
      if (this.#links.size >= MAX_OTHERS) return;
      this.#gone.delete(from);
      link = this.#makeLink(from);
      if (!this.#roster?.includes(from)) this.#awaitListing(from);
    }
    if (answered) {
      link?.adopt(this.#preparedConnection!);
      this.#preparedConnection = null;
    }
    link?.handle(signal);
  }

  handleSignalingRestored(): void {
    for (const link of this.#links.values()) link.handleSignalingRestored();
  }

  /** Everybody sends one stream, so that there is nothing to choose. */
  setPictureSize(_participant: string, _size: PictureSize): void {}

  async startAudio(): Promise<void> {
    await Promise.all([...this.#links.values()].map(({ sound }) => sound.resume()));
  }

  async setSpeaker(deviceId: string): Promise<void> {
    this.#speaker = deviceId;
    try {
      await Promise.all([...this.#links.values()].map(({ sound }) => sound.setSpeaker(deviceId)));
    } catch (error) {
      throw new RtcDeskError('media-failed', 'setSinkId', { cause: error });
    }
  }

  async leave(): Promise<void> {
    if (this.getSnapshot().state === 'left') return;
    for (const id of this.#links.keys()) this.#options.sendSignal(id, { kind: 'bye' });
    this.#release();
    this.#store.update({ state: 'left', remotes: [], quality: 0, audioBlocked: false });
  }

  #isIn(): boolean {
    const { state } = this.getSnapshot();
    return state === 'entered' || state === 'reconnecting';
  }

  #fail(code: ErrorCode, cause?: unknown): never {
    this.#store.update({ state: 'failed', error: code });
    throw new RtcDeskError(code, code, { cause });
  }

  /** `first`: the others came before us and wait for our offers. */
  #followRoster(others: readonly string[], first: boolean): void {
    for (const id of this.#links.keys()) {
      if (!others.includes(id) && !this.#unlisted.has(id)) this.#drop(id);
    }
    for (const id of this.#gone) if (!others.includes(id)) this.#gone.delete(id);
    for (const id of others) {
      this.#unlisted.get(id)?.();
      this.#unlisted.delete(id);
      if (this.#links.has(id) || this.#gone.has(id) || this.#links.size >= MAX_OTHERS) continue;
      const link = this.#makeLink(id);
      if (first) link.propose();
      else link.awaitOffer();
    }
    this.#publish();
  }

  #makeLink(id: string): MeshLink {
    const { self, sendSignal } = this.#options;
    const link = new MeshLink({
      self,
      remote: id,
      clock: this.#clock,
      connect: () => this.#takeSpare() ?? this.#connect(),
      tracks: () => this.#sources.tracks,
      profile: () => this.#sources.profile,
      states: () => {
        this.#sequence = nextSerial(this.#sequence);
        return { ...this.#sources.states, sequence: this.#sequence };
      },
      send: (signal) => sendSignal(id, signal),
      speaker: () => this.#speaker,
      onChange: () => this.#publish(),
    });
    this.#links.set(id, link);
    this.#shareUplink();
    return link;
  }

  #connect(): RTCPeerConnection {
    const { connect, ticket } = this.#options;
    return makeConnection(ticket.iceServers, connect);
  }

  #takeSpare(): RTCPeerConnection | null {
    const spare = this.#spare;
    this.#spare = null;
    return spare;
  }

  #drop(id: string): void {
    this.#unlisted.get(id)?.();
    this.#unlisted.delete(id);
    const link = this.#links.get(id);
    if (!link) return;
    this.#links.delete(id);
    link.destroy();
    this.#shareUplink();
    this.#publish();
  }

  #awaitListing(id: string): void {
    const cancel = this.#clock.after(UNLISTED_TIMEOUT_MS, () => this.#drop(id));
    this.#unlisted.set(id, cancel);
  }

  #shareUplink(): void {
    for (const link of this.#links.values()) link.setLinks(this.#links.size);
  }

  #handleLocal(): void {
    const before = this.#sources;
    this.#sources = readSources(this.#options.local);
    const { tracks, states, profile } = this.#sources;
    const names = ['camera', 'microphone', 'screen'] as const;
    if (names.some((name) => before.tracks[name] !== tracks[name])) {
      for (const link of this.#links.values()) link.handleSources();
    }
    if (before.profile !== profile) {
      for (const link of this.#links.values()) link.applyEncodings();
    }
    const reported = ['cameraOn', 'microphoneOn', 'screenOn'] as const;
    if (reported.some((name) => before.states[name] !== states[name])) {
      for (const link of this.#links.values()) link.announce();
    }
  }

  #measureLevels(): void {
    this.#cancelLevel = this.#clock.after(LEVEL_INTERVAL_MS, () => {
      this.#measureLevels();
      const changes = [...this.#links.values()].map((link) => link.measureLevel());
      if (changes.includes(true)) this.#publish();
    });
  }

  #measureQualities(): void {
    this.#cancelQuality = this.#clock.after(QUALITY_INTERVAL_MS, async () => {
      // A connection that closes during the reading makes it reject. The others are read all the same.
      await Promise.allSettled([...this.#links.values()].map((link) => link.measureQuality()));
      if (!this.#isIn()) return;
      this.#publish();
      this.#measureQualities();
    });
  }

  #publish(): void {
    if (!this.#isIn()) return;
    const links = [...this.#links.values()];
    const before = this.getSnapshot().remotes;
    const now = links.map((link) => link.snapshot());
    const remotes = keepUnchanged(before, now);
    const known = links.filter((link) => link.everConnected);
    const broken = remotes.filter(({ state }) => state === 'reconnecting');
    this.#store.update({
      state: known.length > 0 && broken.length === links.length ? 'reconnecting' : 'entered',
      remotes,
      quality: worstQuality(links.map((link) => link.sentQuality)),
      audioBlocked: links.some(({ sound }) => sound.blocked),
    });
  }

  #release(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = null;
    this.#cancelLevel?.();
    this.#cancelQuality?.();
    for (const cancel of this.#unlisted.values()) cancel();
    this.#unlisted.clear();
    for (const link of this.#links.values()) link.destroy();
    this.#links.clear();
    this.#takeSpare()?.close();
    this.#preparedConnection?.close();
  }
}
