import type { RealtimeTranscriberMessageEvent, TRTCEventTypes } from 'trtc-sdk-v5';
import type { TrtcClient, TrtcSdk, TrtcSupport, TrtcTestSdk } from '../../src/media/trtc/sdk.ts';
import { TrtcPluginsStandIn, type PluginCloud } from './trtc-plugins-stand-in.ts';
import { aborted, sdkError } from './trtc-sdk-error.ts';

type Config<M extends keyof TrtcClient> = NonNullable<Parameters<TrtcClient[M]>[0]>;
type VideoOption = NonNullable<Config<'startLocalVideo'>['option']>;
type EnterConfig = Config<'enterRoom'>;
type VideoConfig = Config<'stopRemoteVideo'>;
type StreamType = NonNullable<VideoConfig['streamType']>;
type Handler = (...args: never[]) => void;

const TYPE = {
  SCENE_RTC: 'rtc',
  STREAM_TYPE_MAIN: 'main',
  STREAM_TYPE_SUB: 'sub',
} as unknown as TrtcSdk['TYPE'];
const [MAIN, SUB] = [TYPE.STREAM_TYPE_MAIN, TYPE.STREAM_TYPE_SUB];

export { sdkError } from './trtc-sdk-error.ts';

/** A number, or a text: the cloud keeps them apart. */
const roomOf = ({ roomId, strRoomId }: EnterConfig): number | string => roomId ?? strRoomId ?? '';
const isRoom = (config: EnterConfig): boolean => {
  const room = roomOf(config);
  return typeof room === 'number' ? Number.isInteger(room) : /^[\x20-\x7e]{1,64}$/.test(room);
};

/** A cloud in this page: its rooms, and the instances of the SDK. A test sets how it behaves. */
export class TrtcCloud implements TrtcTestSdk, PluginCloud {
  readonly TYPE = TYPE;
  readonly instances: TrtcStandIn[] = [];
  readonly entered: EnterConfig[] = [];
  /** Calls that the SDK forbids, or that come after `destroy`. */
  readonly violations: string[] = [];
  speaker = '';
  /** Runs before `enterRoom` succeeds. It may throw or wait. */
  admit: (config: EnterConfig) => void | Promise<void> = () => {};
  /** Runs while a plugin starts. It may throw or wait. */
  draw: () => void | Promise<void> = () => {};
  /** The first picture with a background is late: the SDK reports the start after 5 s without it, see `showBackground`. */
  slow = false;
  /** Whether the account may use the virtual background. */
  bought = true;
  /** What the SDK says about this browser. */
  support: TrtcSupport = { result: true, detail: { isBrowserSupported: true } };
  transcriptionRefused = 0;
  readonly #rooms = new Map<number | string, Map<string, TrtcStandIn>>();

  create(options: { enableAutoPlayDialog: boolean }): TrtcStandIn {
    if (options.enableAutoPlayDialog) this.violations.push('the SDK’s own dialog');
    const instance = new TrtcStandIn(this);
    this.instances.push(instance);
    return instance;
  }

  async setCurrentSpeaker(deviceId: string): Promise<void> {
    this.speaker = deviceId;
  }

  /** The task of this person's transcription has a line. Everybody in the room is told. */
  transcribe(speakerUserId: string, line: Partial<RealtimeTranscriberMessageEvent>): void {
    const message = {
      ...{ segmentId: '1', sourceText: '', translationTexts: [], isCompleted: false },
      ...{ timestamp: 0, robotId: '', speakerUserId, ...line },
    };
    for (const instance of this.instances) instance.emit('realtime-transcriber-message', message);
  }

  async isSupported(): Promise<TrtcSupport> {
    return this.support;
  }

  members(room: number | string): Map<string, TrtcStandIn> {
    const members = this.#rooms.get(room) ?? new Map<string, TrtcStandIn>();
    this.#rooms.set(room, members);
    return members;
  }
}

/** One instance of the SDK, with its rules about the order of calls. It gives its tracks to the others of its room. */
export class TrtcStandIn implements TrtcClient {
  readonly calls: string[] = [];
  readonly plugins: TrtcPluginsStandIn;
  readonly #handlers = new Map<string, Set<Handler>>();
  readonly #shown = new Map<string, { small: boolean; track: MediaStreamTrack }>();
  readonly #pictures = new Map<StreamType, MediaStreamTrack>();
  #sound: { track: MediaStreamTrack; mute: boolean } | null = null;
  #config: EnterConfig | null = null;
  #entering: ((error: Error) => void) | null = null;
  #destroyed = false;

  constructor(private readonly cloud: TrtcCloud) {
    this.plugins = new TrtcPluginsStandIn(cloud, {
      camera: () => this.#pictures.get(MAIN) ?? null,
      send: (track, sourceTrack) => {
        this.emit('track', { userId: '', streamType: MAIN, track, sourceTrack });
      },
    });
  }

  get destroyed(): boolean {
    return this.#destroyed;
  }

  get sends(): string[] {
    const sound = this.#sound ? [this.#sound.mute ? 'muted' : 'sound'] : [];
    return [...this.#pictures.keys(), ...sound];
  }

  /** The streams of others that are requested, e.g. `ann main small`. */
  get shows(): string[] {
    return [...this.#shown].map(([name, { small }]) => `${name}${small ? ' small' : ''}`);
  }

  on<T extends keyof TRTCEventTypes>(
    event: T,
    handler: (...args: TRTCEventTypes[T]) => void,
  ): never {
    const handlers = this.#handlers.get(event) ?? new Set();
    this.#handlers.set(event, handlers.add(handler as Handler));
    return this as never;
  }

  off(event: string): never {
    if (event === '*') this.#handlers.clear();
    return this as never;
  }

  /** Emits an event of the cloud or the network. */
  emit<T extends keyof TRTCEventTypes>(event: T, ...args: TRTCEventTypes[T]): void {
    for (const handler of [...(this.#handlers.get(event) ?? [])]) handler(...(args as never[]));
  }

  async enterRoom(config: EnterConfig): Promise<void> {
    this.#check('enterRoom');
    if (this.#config || this.#entering) throw aborted();
    if (!/^[A-Za-z0-9_-]{1,32}$/.test(config.userId)) throw sdkError(5000, 5005);
    if (!isRoom(config)) throw sdkError(5000, 5016);
    this.cloud.entered.push(config);
    const left = new Promise<never>((_, reject) => (this.#entering = reject));
    try {
      await Promise.race([Promise.resolve().then(() => this.cloud.admit(config)), left]);
    } finally {
      this.#entering = null;
    }
    this.#config = config;
    const members = this.cloud.members(roomOf(config));
    members.get(config.userId)?.expel('kick');
    const others = [...members];
    members.set(config.userId, this);
    this.emit('connection-state-changed', { prevState: 'CONNECTING', state: 'CONNECTED' } as never);
    for (const [userId, other] of others) {
      other.emit('remote-user-enter', { userId: config.userId });
      this.emit('remote-user-enter', { userId });
      for (const streamType of other.#pictures.keys()) {
        this.emit('remote-video-available', { userId, streamType });
      }
      if (other.#sound?.mute === false) this.emit('remote-audio-available', { userId });
    }
    for (const streamType of this.#pictures.keys()) this.#tell(streamType, true);
    this.#tellSound();
  }

  async exitRoom(): Promise<void> {
    this.#check('exitRoom');
    this.#entering?.(aborted());
    this.#leave();
  }

  /** Like the cloud: the SDK leaves the room, then reports the reason. */
  expel(reason: 'kick' | 'banned' | 'room_disband'): void {
    this.#leave();
    this.emit('kicked-out', { reason } as never);
  }

  /** The SDK gives the room up. */
  breakOff(error: Error): void {
    this.#leave();
    this.emit('error', error as never);
  }

  destroy(): void {
    this.#check('destroy');
    if (this.#config) this.cloud.violations.push('destroyed inside of the room');
    if (this.sends.length > 0) this.cloud.violations.push(`destroyed while sending ${this.sends}`);
    if (this.plugins.started.size > 0)
      this.cloud.violations.push('destroyed with a plugin at work');
    this.#destroyed = true;
    this.#handlers.clear();
  }

  /** How the camera is encoded, as it was asked for last. */
  camera: Pick<VideoOption, 'profile' | 'qosPreference'> | null = null;

  async startLocalVideo({ option }: Config<'startLocalVideo'> = {}): Promise<void> {
    await this.#publish('startLocalVideo', MAIN, option?.videoTrack);
    this.#encode({ ...option });
    this.plugins.showBackground();
  }

  async updateLocalVideo({ option }: Config<'updateLocalVideo'>): Promise<void> {
    if (option?.videoTrack) this.#replace('updateLocalVideo', MAIN, option.videoTrack);
    else this.#check('updateLocalVideo');
    this.#encode({ ...this.camera, ...option });
  }

  #encode({ profile, qosPreference }: VideoOption): void {
    this.camera = { ...(profile && { profile }), ...(qosPreference && { qosPreference }) };
  }

  async stopLocalVideo(): Promise<void> {
    this.plugins.hideBackground();
    this.#unpublish('stopLocalVideo', MAIN);
  }

  async startScreenShare({ option }: Config<'startScreenShare'> = {}): Promise<void> {
    const track = option?.videoTrack;
    await this.#publish('startScreenShare', SUB, track);
    track?.addEventListener('ended', () => {
      if (this.#pictures.get(SUB) !== track) return;
      this.#unpublish('ended', SUB);
      this.emit('screen-share-stopped');
    });
  }

  async updateScreenShare({ option }: Config<'updateScreenShare'>): Promise<void> {
    this.#replace('updateScreenShare', SUB, option?.videoTrack);
  }

  async stopScreenShare(): Promise<void> {
    this.#unpublish('stopScreenShare', SUB);
  }

  async startLocalAudio({ option, mute = false }: Config<'startLocalAudio'> = {}): Promise<void> {
    this.#check('startLocalAudio');
    if (this.#sound) throw aborted();
    this.#sound = { track: this.#given(option?.audioTrack), mute: mute !== false };
    this.#tellSound();
  }

  async updateLocalAudio({ option, mute }: Config<'updateLocalAudio'>): Promise<void> {
    this.#check('updateLocalAudio');
    if (!this.#sound) return;
    if (option?.audioTrack) this.#sound.track = this.#given(option.audioTrack);
    if (mute === undefined) return;
    this.#sound.mute = mute !== false;
    this.#sound.track.enabled = !mute;
    this.#tellSound();
  }

  async stopLocalAudio(): Promise<void> {
    this.#check('stopLocalAudio');
    if (!this.#sound) return;
    this.#sound = null;
    this.#tellSound();
  }

  async startRemoteVideo({ userId, streamType, option }: Config<'startRemoteVideo'>) {
    this.#check('startRemoteVideo');
    if (!this.#config) throw sdkError(5100, 5101);
    const name = `${userId} ${streamType}`;
    if (this.#shown.has(name)) throw aborted();
    const track = this.#remote(userId, streamType);
    this.#shown.set(name, { small: option?.small === true, track: track.clone() });
  }

  async updateRemoteVideo({ userId, streamType, option }: Config<'updateRemoteVideo'>) {
    this.#check('updateRemoteVideo');
    if (!this.#config) throw sdkError(5100, 5101);
    const shown = this.#shown.get(`${userId} ${streamType}`);
    if (shown) shown.small = option?.small === true;
  }

  async stopRemoteVideo({ userId, streamType }: VideoConfig): Promise<void> {
    this.#check('stopRemoteVideo');
    this.#hide(userId, streamType!);
  }

  getVideoTrack({ userId, streamType }: { userId?: string; streamType?: StreamType } = {}) {
    if (!userId) return this.#pictures.get(streamType ?? MAIN) ?? null;
    return this.#shown.get(`${userId} ${streamType}`)?.track ?? null;
  }

  getAudioTrack({ userId }: { userId?: string } = {}): MediaStreamTrack | null {
    if (!userId) return this.#sound?.track ?? null;
    return (
      this.cloud
        .members(this.#config ? roomOf(this.#config) : 0)
        .get(userId)
        ?.getAudioTrack() ?? null
    );
  }

  use(plugin: Config<'use'>): void {
    this.#check('use');
    this.plugins.install(plugin);
  }

  async startPlugin(name: string, options?: unknown): Promise<void> {
    this.#check('startPlugin');
    await this.plugins.start(name, options);
  }

  async updatePlugin(name: string, options?: unknown): Promise<void> {
    this.#check('updatePlugin');
    this.plugins.update(name, options);
  }

  async stopPlugin(name: string): Promise<void> {
    this.#check('stopPlugin');
    this.plugins.stop(name);
  }

  enableAudioVolumeEvaluation(): void {
    this.#check('enableAudioVolumeEvaluation');
  }

  // ---- inside ------------------------------------------------------------------------------------

  #check(call: string): void {
    this.calls.push(call);
    if (!this.#destroyed) return;
    this.cloud.violations.push(`${call} after destroy`);
    throw sdkError(5100);
  }

  /** Without a track the real SDK would open a device itself. */
  #given(track: MediaStreamTrack | undefined): MediaStreamTrack {
    if (track) return track;
    this.cloud.violations.push('a device of the SDK’s own');
    throw sdkError(5300);
  }

  async #publish(call: string, type: StreamType, track: MediaStreamTrack | undefined) {
    this.#check(call);
    if (this.#pictures.has(type)) throw aborted();
    this.#pictures.set(type, this.#given(track));
    this.#tell(type, true);
  }

  #replace(call: string, type: StreamType, track: MediaStreamTrack | undefined): void {
    this.#check(call);
    if (!this.#pictures.has(type)) return;
    this.#pictures.set(type, this.#given(track));
    const userId = this.#config?.userId ?? '';
    for (const other of this.#others()) {
      const shown = other.#shown.get(`${userId} ${type}`);
      if (!shown) continue;
      shown.track.stop();
      shown.track = this.#pictures.get(type)!.clone();
      const { track: sourceTrack } = shown;
      other.emit('track', { userId, streamType: type, track: sourceTrack, sourceTrack });
    }
  }

  #unpublish(call: string, type: StreamType): void {
    this.#check(call);
    if (this.#pictures.delete(type)) this.#tell(type, false);
  }

  #tell(streamType: StreamType, available: boolean): void {
    if (!this.#config) return;
    const { userId } = this.#config;
    for (const other of this.#others()) {
      if (!available) other.#hide(userId, streamType);
      const event = available ? 'remote-video-available' : 'remote-video-unavailable';
      other.emit(event, { userId, streamType });
    }
    const state = available ? 'started' : 'stopped';
    const mediaType = streamType === MAIN ? 'video' : 'screen';
    this.emit('publish-state-changed', { mediaType, state, prevState: 'starting' });
  }

  #tellSound(): void {
    if (!this.#config) return;
    const heard = this.#sound !== null && !this.#sound.mute;
    for (const other of this.#others()) {
      const event = heard ? 'remote-audio-available' : 'remote-audio-unavailable';
      other.emit(event, { userId: this.#config.userId });
    }
  }

  #remote(userId: string, streamType: StreamType): MediaStreamTrack {
    const member = this.cloud.members(roomOf(this.#config!)).get(userId);
    if (!member) throw sdkError(5100, 5102);
    const track = member.#pictures.get(streamType);
    if (!track) throw sdkError(5100, 5103);
    return track;
  }

  #hide(userId: string, streamType: StreamType): void {
    const name = `${userId} ${streamType}`;
    this.#shown.get(name)?.track.stop();
    this.#shown.delete(name);
  }

  #others(): TrtcStandIn[] {
    if (!this.#config) return [];
    const members = this.cloud.members(roomOf(this.#config));
    return [...members.values()].filter((other) => other !== this);
  }

  #leave(): void {
    if (!this.#config) return;
    const { userId } = this.#config;
    const others = this.#others();
    const members = this.cloud.members(roomOf(this.#config));
    if (members.get(userId) === this) members.delete(userId);
    this.#config = null;
    for (const { track } of this.#shown.values()) track.stop();
    this.#shown.clear();
    for (const other of others) {
      for (const type of [MAIN, SUB]) other.#hide(userId, type);
      other.emit('remote-user-exit', { userId });
    }
  }
}
