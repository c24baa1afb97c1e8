import { RtcDeskError, type ErrorCode } from '../../protocol/errors.ts';
import type { MediaTicket } from '../../protocol/views.ts';
import { systemClock, type Clock } from '../../platform/clock.ts';
import { keepUnchanged } from '../../snapshot/keep-unchanged.ts';
import { Store } from '../../snapshot/store.ts';
import { withTimeout } from '../../platform/with-timeout.ts';
import type { MediaRoom, MediaRoomOptions, MediaSnapshot, PictureSize, Quality } from '../media.ts';
import type { SpeechRecognizer } from '../speech.ts';
import { TrtcBlockedSounds } from './blocked-sounds.ts';
import { TrtcEffects } from './effects.ts';
import { endTrtcClient } from './end-client.ts';
import { TrtcError } from './error.ts';
import { TrtcPeople } from './people.ts';
import { TrtcPublisher } from './publisher.ts';
import {
  loadTrtcSdk,
  makeTrtcInstance,
  trtcQuality,
  type TrtcClient,
  type TrtcInstance,
  type TrtcSdk,
} from './sdk.ts';
import { openTrtcTranscriber, type TrtcTranscriber } from './transcriber.ts';
import type { LoadVirtualBackground } from './virtual-background.ts';
import type { LoadWatermark } from './watermark.ts';

export type TrtcTicket = Extract<MediaTicket, { provider: 'trtc' }>;

/**
 * For loading the SDK and entering together. Without a network the SDK gives up after 5 to 7 s. An agent who accepted has
 * `limits.enterRoom` in all, and may still have to fall back to other media in that time.
 */
const ENTER_TIMEOUT_MS = 10_000;

const timedOut = () => new RtcDeskError('media-blocked', 'TRTC gave no answer in time.');
const LEVEL_INTERVAL_MS = 200;
/** The desk's server closes the cloud's room at the end of a call, and tells the end itself within this time. */
const CLOSED_WAIT_MS = 5_000;

export interface TrtcRoomOptions extends MediaRoomOptions<TrtcTicket> {
  readonly clock?: Clock;
  readonly load?: () => Promise<TrtcSdk>;
  /** Made before the room. The room ends it. */
  readonly instance?: TrtcInstance | undefined;
  readonly loadWatermark?: LoadWatermark;
  readonly loadVirtualBackground?: LoadVirtualBackground;
  readonly assets?: string;
}

/** A room in Tencent's cloud. It has one instance of the SDK, from entering to leaving. */
export class TrtcRoom implements MediaRoom {
  readonly effects = new TrtcEffects(() => this.#publish());
  readonly #options: TrtcRoomOptions;
  readonly #clock: Clock;
  readonly #store = new Store<MediaSnapshot>({
    state: 'idle',
    error: null,
    remotes: [],
    quality: 0,
    audioBlocked: false,
  });
  #ticket: TrtcTicket;
  #sdk: TrtcSdk | null = null;
  #client: TrtcClient | null = null;
  #entering: Promise<void> | null = null;
  #publisher: TrtcPublisher | null = null;
  #people: TrtcPeople | null = null;
  #transcriber: TrtcTranscriber | null = null;
  readonly #blocked = new TrtcBlockedSounds();
  #roster: readonly string[] = [];
  #connected = false;
  /** Media have passed in one direction: the network does not block them. */
  #mediaPassed = false;
  #quality: Quality = 0;
  #remoteQuality: Quality = 0;
  #cancelClosed: (() => void) | null = null;

  constructor(options: TrtcRoomOptions) {
    this.#options = options;
    this.#ticket = options.ticket;
    this.#client = options.instance?.client ?? null;
    this.#clock = options.clock ?? systemClock;
  }

  getSnapshot(): Readonly<MediaSnapshot> {
    return this.#store.getSnapshot();
  }

  subscribe(listener: () => void): () => void {
    return this.#store.subscribe(listener);
  }

  /** A room that has begun to enter goes on with that. */
  enter(): Promise<void> {
    return (this.#entering ??= this.#enter());
  }

  async #enter(): Promise<void> {
    if (this.getSnapshot().state !== 'idle') {
      throw new RtcDeskError('media-failed', 'A TrtcRoom is used once.');
    }
    this.#store.update({ state: 'entering' });
    try {
      await withTimeout(this.#clock, ENTER_TIMEOUT_MS, this.#loadAndEnter(), timedOut);
      this.#requireNotLeft();
    } catch (error) {
      throw this.#fail(TrtcError.from(error));
    }
    this.#connected = true;
    this.#store.update({ state: 'entered' });
    this.#publish();
  }

  handleRoster(participants: readonly string[]): void {
    this.#roster = participants.filter((id) => id !== this.#options.self);
    this.#people?.handleRoster(this.#roster);
  }

  /** The cloud has signals of its own. */
  handleSignal(_from: string, _data: unknown): void {}

  /** The cloud has a connection of its own. The SDK repairs it. */
  handleSignalingRestored(): void {}

  setPictureSize(participant: string, size: PictureSize): void {
    this.#people?.setPictureSize(participant, size);
  }

  async startAudio(): Promise<void> {
    await this.#blocked.start();
    this.#publish();
  }

  openTranscriber(languages: readonly string[]): SpeechRecognizer | null {
    const client = this.#client;
    if (!client || !this.#isIn()) return null;
    const { self } = this.#options;
    return (this.#transcriber ??= openTrtcTranscriber(
      { client, self, clock: this.#clock },
      languages,
    ));
  }

  async setSpeaker(deviceId: string): Promise<void> {
    try {
      await this.#sdk?.setCurrentSpeaker(deviceId || 'default');
    } catch (error) {
      throw new RtcDeskError('media-failed', 'The speaker cannot be used.', { cause: error });
    }
  }

  async leave(): Promise<void> {
    const { state } = this.getSnapshot();
    if (state === 'left') return;
    const closing = this.#close();
    this.#entering = null;
    this.#store.update({ state: 'left', remotes: [], quality: 0, audioBlocked: false });
    await closing;
  }

  // ---- entering --------------------------------------------------------------------------------

  async #loadAndEnter(): Promise<void> {
    const { load = loadTrtcSdk } = this.#options;
    let { instance } = this.#options;
    if (!instance) {
      const sdk = await load();
      this.#requireNotLeft();
      instance = makeTrtcInstance(sdk);
    }
    await this.#enterCloud(this.#open(instance), this.#ticket);
  }

  #open({ sdk, client }: TrtcInstance): TrtcClient {
    this.#sdk = sdk;
    this.#client = client;
    this.#people = new TrtcPeople({
      client,
      types: sdk.TYPE,
      clock: this.#clock,
      onChange: () => this.#publish(),
      onFirstFrame: () => (this.#mediaPassed = true),
    });
    this.#people.handleRoster(this.#roster);
    this.#listen(client, this.#people);
    try {
      client.enableAudioVolumeEvaluation(LEVEL_INTERVAL_MS);
    } catch {
      // In a foreign bundle on a page that forbids workers from blobs. Nobody is marked as speaking.
    }
    // Before entering, so that the SDK sends at once when it is in.
    this.#publisher = new TrtcPublisher({
      ...this.#options,
      client,
      clock: this.#clock,
      account: () => {
        const { sdkAppId, userSig } = this.#ticket;
        return { sdkAppId, userSig, userId: this.#options.self };
      },
    });
    this.effects.open(this.#publisher);
    return client;
  }

  /** If the cloud refuses the ticket, tries once more with a fresh one: it may have expired. */
  async #enterCloud(client: TrtcClient, ticket: TrtcTicket, renewed = false): Promise<void> {
    const { self, room } = this.#options;
    this.#ticket = ticket;
    const { sdkAppId, userSig, privateMapKey } = ticket;
    try {
      await client.enterRoom({
        sdkAppId,
        userSig,
        privateMapKey,
        userId: self,
        roomId: room,
        scene: this.#sdk!.TYPE.SCENE_RTC,
        autoReceiveAudio: true,
        autoReceiveVideo: false,
        enableAutoPlayDialog: false,
      });
    } catch (error) {
      const failure = TrtcError.from(error);
      if (!failure.refused || renewed) throw failure;
      this.#requireNotLeft();
      const { media } = await this.#options.renewTicket();
      this.#requireNotLeft();
      if (media.provider !== 'trtc') throw failure;
      await this.#enterCloud(client, media, true);
    }
  }

  #requireNotLeft(): void {
    const { state } = this.getSnapshot();
    if (state === 'left' || state === 'failed') {
      throw new RtcDeskError('media-failed', 'Left while entering.');
    }
  }

  // ---- the SDK's events --------------------------------------------------------------------------

  #listen(client: TrtcClient, people: TrtcPeople): void {
    client
      .on('remote-user-enter', ({ userId }) => void people.enter(userId))
      .on('remote-user-exit', ({ userId }) => {
        this.#blocked.delete(userId);
        people.exit(userId);
      })
      .on('remote-audio-available', ({ userId }) => people.setMicrophone(userId, true))
      .on('remote-audio-unavailable', ({ userId }) => people.setMicrophone(userId, false))
      .on('remote-video-available', (event) => people.setVideo(event, true))
      .on('remote-video-unavailable', (event) => people.setVideo(event, false))
      .on('track', ({ userId, streamType, track, sourceTrack }) => {
        if (userId && streamType) people.handleTrack({ userId, streamType }, track);
        else if (streamType === this.#sdk!.TYPE.STREAM_TYPE_MAIN) {
          this.#publisher?.handlePicture(track === sourceTrack ? null : track);
          this.#publish();
        }
      })
      .on('audio-volume', ({ result }) => {
        people.setLevels(result.map(({ userId, floatVolume }) => [userId, floatVolume]));
      })
      .on('network-quality', ({ uplinkNetworkQuality, downlinkNetworkQuality }) => {
        this.#quality = trtcQuality(uplinkNetworkQuality);
        this.#remoteQuality = trtcQuality(downlinkNetworkQuality);
        this.#publish();
      })
      .on('autoplay-failed', ({ userId, resume }) => {
        this.#blocked.add(userId, resume);
        this.#publish();
      })
      .on('audio-play-state-changed', ({ userId, state }) => {
        if (`${state}` === 'PLAYING' && this.#blocked.delete(userId)) this.#publish();
      })
      .on('connection-state-changed', ({ state }) => {
        this.#connected = `${state}` === 'CONNECTED';
        this.#publish();
      })
      .on('publish-state-changed', ({ state }) => {
        this.#mediaPassed ||= state === 'started';
      })
      .on('screen-share-stopped', () => this.#publisher?.handleScreenStopped())
      .on('kicked-out', ({ reason }) => this.#handleKickedOut(reason))
      .on('error', (error) => void this.#handleError(client, TrtcError.from(error)));
  }

  #handleKickedOut(reason: `${'kick' | 'banned' | 'room_disband'}`): void {
    if (reason === 'kick') {
      this.#fail(new RtcDeskError('signed-in-elsewhere'));
      return;
    }
    this.#connected = false;
    this.#publish();
    const code: ErrorCode = reason === 'banned' ? 'forbidden' : 'not-found';
    this.#cancelClosed ??= this.#clock.after(CLOSED_WAIT_MS, () => {
      this.#fail(new RtcDeskError(code));
    });
  }

  async #handleError(client: TrtcClient, error: TrtcError): Promise<void> {
    // The SDK goes on by itself. Blocked media are final only if none has ever passed.
    if (error.transient && (this.#mediaPassed || error.code !== 'media-blocked')) return;
    if (!this.#isIn()) return;
    if (!error.refused) {
      this.#fail(error);
      return;
    }
    // The SDK reconnected with a ticket that had expired meanwhile.
    this.#connected = false;
    this.#people?.clear();
    this.#publish();
    try {
      const { media } = await this.#options.renewTicket();
      // The room may have other media by now. Its new ticket arrives with the next view.
      if (!this.#isIn() || media.provider !== 'trtc') return;
      await withTimeout(
        this.#clock,
        ENTER_TIMEOUT_MS,
        this.#enterCloud(client, media, true),
        timedOut,
      );
      this.#connected = true;
      this.#publish();
    } catch (failure) {
      this.#fail(TrtcError.from(failure));
    }
  }

  // ---- what is shown -----------------------------------------------------------------------------

  #isIn(): boolean {
    const { state } = this.getSnapshot();
    return state === 'entered' || state === 'reconnecting';
  }

  #publish(): void {
    if (!this.#isIn()) return;
    const state = this.#connected ? 'connected' : 'reconnecting';
    const remotes = this.#people!.snapshots(state, this.#connected ? this.#remoteQuality : 0);
    this.#store.update({
      state: this.#connected ? 'entered' : 'reconnecting',
      remotes: keepUnchanged(this.getSnapshot().remotes, remotes),
      quality: this.#connected ? this.#quality : 0,
      ownCamera: this.#publisher?.picture,
      audioBlocked: this.#blocked.any,
    });
  }

  #fail<E extends RtcDeskError>(error: E): E {
    const { state } = this.getSnapshot();
    if (state === 'left' || state === 'failed') return error;
    this.#publisher?.handleRoomLost(error);
    void this.#close();
    const over = { remotes: [], quality: 0, audioBlocked: false } as const;
    this.#store.update({ ...over, state: 'failed', error: error.code });
    return error;
  }

  async #close(): Promise<void> {
    this.#cancelClosed?.();
    this.#people?.clear();
    this.#blocked.clear();
    const client = this.#client;
    const publisher = this.#publisher;
    const transcriber = this.#transcriber;
    this.#client = this.#publisher = this.#people = this.#transcriber = null;
    this.effects.close();
    if (!client) return;
    await endTrtcClient(client, this.#clock, [() => transcriber?.close(), () => publisher?.stop()]);
  }
}
