import type { ErrorCode, RtcDeskError } from '../protocol/errors.ts';
import type { FirstSignal, Ticket } from '../protocol/views.ts';
import type { Readable } from '../snapshot/store.ts';
import type { LocalMedia } from './local-media.ts';
import type { SpeechRecognizer } from './speech.ts';

/** 0: nothing known or nothing arrives; 1: barely; 5: excellent. */
export type Quality = 0 | 1 | 2 | 3 | 4 | 5;

/** How large a participant's picture is shown. An adapter need not ask for more. */
export type PictureSize = 'none' | 'small' | 'large';

/** What arrives from one other participant. */
export interface RemoteMedia {
  readonly id: string;
  readonly state: 'connecting' | 'connected' | 'reconnecting';
  /** Live tracks to show; null if there is none. The adapter itself plays the sound. */
  readonly camera: MediaStreamTrack | null;
  readonly screen: MediaStreamTrack | null;
  /** Of their microphone, for a recording; null or unset if there is none. */
  readonly sound?: MediaStreamTrack | null;
  /** What the participant reports: on; or muted, switched off or without a device. */
  readonly microphoneOn: boolean;
  readonly cameraOn: boolean;
  /** Of the participant's sound, 0 to 1. */
  readonly level: number;
  readonly quality: Quality;
  /** By loss and bitrate in both directions alone. Unset: the media do not know it apart from `quality`. */
  readonly carried?: Quality;
}

export interface MediaSnapshot {
  readonly state: 'idle' | 'entering' | 'entered' | 'reconnecting' | 'left' | 'failed';
  /** Set with `failed`. */
  readonly error: ErrorCode | null;
  readonly remotes: readonly RemoteMedia[];
  /** Of what we send. */
  readonly quality: Quality;
  /** Our camera as others see it, if that differs from the captured picture. */
  readonly ownCamera?: MediaStreamTrack | null | undefined;
  /** The browser plays no sound before the person presses something. Show a button for `startAudio`. */
  readonly audioBlocked: boolean;
}

/** A picture over a camera's picture, for everyone to see. All numbers are pixels of the camera's picture. */
export interface Watermark {
  /** Its address. A server of another origin must allow reading it (CORS). */
  readonly image: string;
  /** Of its upper left corner. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The background behind the person in front of the camera, for everyone to see. */
export interface VirtualBackground {
  /** How strongly the room is blurred, 1 to 10. Default: 3. */
  readonly blur?: number | undefined;
  /** The address of a picture that replaces the room. CORS as for a watermark. */
  readonly image?: string | undefined;
  /** The address of a copy of `trtc-sdk-v5/assets`. Needed by those who bundle themselves. */
  readonly assets?: string | undefined;
  /** Called when it stops by itself or its media fail. From then on others see the room. */
  readonly onLost?: ((error: RtcDeskError) => void) | undefined;
}

/** Effects on our camera, for everyone to see. If one fails, the camera goes on without it. */
export interface CameraEffects {
  /** `null` removes it. Rejects with `media-failed` if it cannot be shown. */
  setWatermark(watermark: Watermark | null): Promise<void>;
  /**
   * `null` removes it. It stays while cameras change. Rejects with `unsupported-browser`; with `media-blocked` if
   * the page's policy forbids WebAssembly; with `forbidden` if the cloud does not allow it; with `conflict` outside
   * of the room; otherwise with `media-failed`.
   */
  setVirtualBackground(background: VirtualBackground | null): Promise<void>;
}

/**
 * One participant's media in one room. Used once; `leave` ends it. It sends what the given `LocalMedia` holds and
 * follows its changes. It never opens or stops a device itself.
 */
export interface MediaRoom extends Readable<MediaSnapshot> {
  /** Resolves when we are in the room, not when somebody else is. Rejects with an RtcDeskError. */
  enter(): Promise<void>;
  /** The participant ids of everybody else in the room, as the server sees them. */
  handleRoster(participants: readonly string[]): void;
  /** A signal from another participant. Adapters with a cloud of their own ignore it. */
  handleSignal(from: string, data: unknown): void;
  /** Signaling is back after an interruption: repair what broke meanwhile. */
  handleSignalingRestored(): void;
  /** A hint for adapters that can choose among streams. */
  setPictureSize(participant: string, size: PictureSize): void;
  /** To be called within a click, after `audioBlocked`. */
  startAudio(): Promise<void>;
  /** Chooses the speaker; '' is the system's default. */
  setSpeaker(deviceId: string): Promise<void>;
  /** Effects on our own picture, if the adapter has them. */
  readonly effects?: CameraEffects | undefined;
  /**
   * The recogniser of the adapter's cloud, for the first of these languages (BCP 47 tags) that it knows; null if it knows
   * none, and outside of the room. It hears the sound that is sent.
   */
  openTranscriber?(languages: readonly string[]): SpeechRecognizer | null;
  /** Idempotent. Releases everything but the devices, which belong to the LocalMedia. */
  leave(): Promise<void>;
}

/**
 * Media that are made ready while a call rings, before we may enter a room: connections, candidates, an SDK. A room takes
 * them over, or `close` releases them.
 */
export interface PreparedMedia {
  /** A signal to the person who enters the room after us; null or absent if there is none. */
  readonly firstSignal?: unknown;
  /** The room that `begin` enters. */
  readonly room?: number | undefined;
  /** Begins to enter. Call it when the accept is sent. The room that takes the media over reports a failure. */
  begin?(): void;
  /** Call it if no room takes them over. */
  close(): void;
}

/** What a room begins with. */
export interface MediaStart {
  readonly prepared?: Promise<PreparedMedia | null> | null;
  /** The first signal of somebody who came before us. */
  readonly firstSignal?: FirstSignal | undefined;
}

export interface MediaRoomOptions<T> {
  readonly ticket: T;
  /** Our own participant id. */
  readonly self: string;
  readonly room: number;
  readonly local: LocalMedia;
  /** Sends a signal to another participant. It may be lost while signaling is interrupted. */
  readonly sendSignal: (to: string, data: unknown) => void;
  /** A fresh ticket for the same participant, if the present one has expired. Rejects with an RtcDeskError. */
  readonly renewTicket: () => Promise<Ticket>;
  readonly start?: MediaStart | undefined;
}
