import { RtcDeskError, type ErrorCode } from '../../protocol/errors.ts';
import type { MediaTicket } from '../../protocol/views.ts';
import { systemClock, type Clock } from '../../platform/clock.ts';
import { Store } from '../../snapshot/store.ts';
import { within } from '../../platform/with-timeout.ts';
import { keepUnchangedRemotes } from '../keep-unchanged-remotes.ts';
import type { MediaRoom, MediaRoomOptions, MediaSnapshot, PictureSize, Quality } from '../media.ts';
import { TrtcBlockedSounds } from './blocked-sounds.ts';
import { TrtcEffects } from './effects.ts';
import { endTrtcClient } from './end-client.ts';
import { TrtcError } from './error.ts';
import { TrtcPeople } from './people.ts';
import { TrtcPublisher } from './publisher.ts';
import { loadTrtcSdk, trtcQuality, type TrtcClient, type TrtcSdk } from './sdk.ts';
import type { LoadVirtualBackground } from './virtual-background.ts';
import type { LoadWatermark } from './watermark.ts';

/** Its SDK alone, ahead of the first room. */
export { loadTrtcSdk as preload } from './sdk.ts';

export type TrtcTicket = Extract<MediaTicket, { provider: 'trtc' }>;

/**
 * For loading the SDK and entering together. Without a network the SDK gives up after 5 to 7 s; an agent who accepted
 * has `limits.enterRoom` in all, and other media are still to be asked for then.
 */
const ENTER_DEADLINE = 10_000;

const outOfReach = () => new RtcDeskError('media-blocked', 'TRTC gave no answer in time.');
const LEVEL_INTERVAL = 200;
/** The server closes a room because the call is over, and says so itself; what it says is better. */
const CLOSED_PATIENCE = 5_000;

export interface TrtcRoomOptions extends MediaRoomOptions<TrtcTicket> {
  readonly clock?: Clock;
  readonly load?: () => Promise<TrtcSdk>;
  readonly loadWatermark?: LoadWatermark;
  readonly loadVirtualBackground?: LoadVirtualBackground;
  readonly assets?: string;
}

/** A room in Tencent's cloud: one instance of the SDK, from entering to leaving. */
export class TrtcRoom implements MediaRoom {
  readonly effects = new TrtcEffects(() => this.#show());
  readonly #options: TrtcRoomOptions;
  readonly #clock: Clock;
  readonly #store = new Store<MediaSnapshot>({
    state: 'idle',
    error: null,
    remotes: [],
    quality: 0,
    audioBlocked: false,
    firstFrameAt: null,
  });
  #ticket: TrtcTicket;
  #sdk: TrtcSdk | null = null;
  #client: TrtcClient | null = null;
  #publisher: TrtcPublisher | null = null;
  #people: TrtcPeople | null = null;
  readonly #blocked = new TrtcBlockedSounds();
  #roster: readonly string[] = [];
  #connected = false;
  /** Something of ours or theirs has come through: the network lets media pass. */
  #carried = false;
  #quality: Quality = 0;
  #remoteQuality: Quality = 0;
  #cancelPatience: (() => void) | null = null;

  constructor(options: TrtcRoomOptions) {
    this.#options = options;
    this.#ticket = options.ticket;
    this.#clock = options.clock ?? systemClock;
  }

  getSnapshot(): Readonly<MediaSnapshot> {
    return this.#store.getSnapshot();
  }

  subscribe(listener: () => void): () => void {
    return this.#store.subscribe(listener);
  }

  async enter(): Promise<void> {
    if (this.getSnapshot().state !== 'idle') {
      throw new RtcDeskError('media-failed', 'A stay in a room is used once.');
    }
    this.#store.update({ state: 'entering' });
    try {
      await within(this.#clock, ENTER_DEADLINE, this.#goIn(), outOfReach);
      this.#requireStay();
    } catch (error) {
      throw this.#fail(TrtcError.from(error));
    }
    this.#connected = true;
    this.#store.update({ state: 'entered' });
    this.#show();
  }

  handleRoster(participants: readonly string[]): void {
    this.#roster = participants.filter((id) => id !== this.#options.self);
    this.#people?.handleRoster(this.#roster);
  }

  /** The cloud carries its own. */
  handleSignal(_from: string, _data: unknown): void {}

  /** The cloud has a connection of its own, which the SDK repairs. */
  handleSignalingRestored(): void {}

  setPictureSize(participant: string, size: PictureSize): void {
    this.#people?.setPictureSize(participant, size);
  }

  async startAudio(): Promise<void> {
    await this.#blocked.start();
    this.#show();
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
    this.#store.update({ state: 'left', remotes: [], quality: 0, audioBlocked: false });
    await closing;
  }

  // ---- going in --------------------------------------------------------------------------------

  async #goIn(): Promise<void> {
    const { load = loadTrtcSdk } = this.#options;
    this.#sdk = await load();
    this.#requireStay();
    await this.#join(this.#open(this.#sdk), this.#ticket);
  }

  #open(sdk: TrtcSdk): TrtcClient {
    const client = sdk.create({ enableAutoPlayDialog: false });
    this.#client = client;
    this.#people = new TrtcPeople({
      client,
      types: sdk.TYPE,
      clock: this.#clock,
      changed: () => this.#show(),
      firstFrame: (at) => this.#handleFirstFrame(at),
    });
    this.#people.handleRoster(this.#roster);
    this.#listen(client, this.#people);
    try {
      client.enableAudioVolumeEvaluation(LEVEL_INTERVAL);
    } catch {
      // A bundle of somebody else's, on a page that allows no worker from a blob: nobody is marked as speaking.
    }
    // Before entering, so that the SDK has all at hand when it is in.
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

  /** Once more with a fresh ticket where the cloud refused this one: it may have expired. */
  async #join(client: TrtcClient, ticket: TrtcTicket, renewed = false): Promise<void> {
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
      this.#requireStay();
      const { media } = await this.#options.renewTicket();
      this.#requireStay();
      if (media.provider !== 'trtc') throw failure;
      await this.#join(client, media, true);
    }
  }

  #requireStay(): void {
    const { state } = this.getSnapshot();
    if (state === 'left' || state === 'failed') {
      throw new RtcDeskError('media-failed', 'Left while entering.');
    }
  }

  // ---- what the SDK tells ------------------------------------------------------------------------

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
          this.#show();
        }
      })
      .on('audio-volume', ({ result }) => {
        people.setLevels(result.map(({ userId, floatVolume }) => [userId, floatVolume]));
      })
      .on('network-quality', ({ uplinkNetworkQuality, downlinkNetworkQuality }) => {
        this.#quality = trtcQuality(uplinkNetworkQuality);
        this.#remoteQuality = trtcQuality(downlinkNetworkQuality);
        this.#show();
      })
      .on('autoplay-failed', ({ userId, resume }) => {
        this.#blocked.add(userId, resume);
        this.#show();
      })
      .on('audio-play-state-changed', ({ userId, state }) => {
        if (`${state}` === 'PLAYING' && this.#blocked.delete(userId)) this.#show();
      })
      .on('connection-state-changed', ({ state }) => {
        this.#connected = `${state}` === 'CONNECTED';
        this.#show();
      })
      .on('publish-state-changed', ({ state }) => {
        this.#carried ||= state === 'started';
      })
      .on('screen-share-stopped', () => this.#publisher?.handleScreenStopped())
      .on('kicked-out', ({ reason }) => this.#handleKickedOut(reason))
      .on('error', (error) => void this.#handleError(client, TrtcError.from(error)));
  }

  #handleFirstFrame(at: number): void {
    this.#carried = true;
    this.#store.update({ firstFrameAt: at });
  }

  #handleKickedOut(reason: `${'kick' | 'banned' | 'room_disband'}`): void {
    if (reason === 'kick') {
      this.#fail(new RtcDeskError('signed-in-elsewhere'));
      return;
    }
    this.#connected = false;
    this.#show();
    const code: ErrorCode = reason === 'banned' ? 'forbidden' : 'not-found';
    this.#cancelPatience ??= this.#clock.after(CLOSED_PATIENCE, () => {
      this.#fail(new RtcDeskError(code));
    });
  }

  async #handleError(client: TrtcClient, error: TrtcError): Promise<void> {
    // The SDK goes on by itself, and the room with it; only where nothing ever came through is it the network.
    if (error.passing && (this.#carried || error.code !== 'media-blocked')) return;
    if (!this.#isIn()) return;
    if (!error.refused) {
      this.#fail(error);
      return;
    }
    // On its way back into the room the SDK used a ticket that had expired meanwhile.
    this.#connected = false;
    this.#people?.clear();
    this.#show();
    try {
      const { media } = await this.#options.renewTicket();
      // Where the room has other media by now, its new ticket is on its way here.
      if (!this.#isIn() || media.provider !== 'trtc') return;
      await within(this.#clock, ENTER_DEADLINE, this.#join(client, media, true), outOfReach);
      this.#connected = true;
      this.#show();
    } catch (failure) {
      this.#fail(TrtcError.from(failure));
    }
  }

  // ---- what we tell ------------------------------------------------------------------------------

  #isIn(): boolean {
    const { state } = this.getSnapshot();
    return state === 'entered' || state === 'reconnecting';
  }

  #show(): void {
    if (!this.#isIn()) return;
    const state = this.#connected ? 'connected' : 'reconnecting';
    const remotes = this.#people!.snapshots(state, this.#connected ? this.#remoteQuality : 0);
    this.#store.update({
      state: this.#connected ? 'entered' : 'reconnecting',
      remotes: keepUnchangedRemotes(this.getSnapshot().remotes, remotes),
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
    this.#cancelPatience?.();
    this.#people?.clear();
    this.#blocked.clear();
    const client = this.#client;
    const publisher = this.#publisher;
    this.#client = this.#publisher = this.#people = null;
    this.effects.close();
    if (client) await endTrtcClient(client, publisher, this.#clock);
  }
}
