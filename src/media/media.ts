import type { ErrorCode, RtcDeskError } from '../protocol/errors.ts';
import type { Ticket } from '../protocol/views.ts';
import type { Readable } from '../snapshot/store.ts';
import type { LocalMedia } from './local-media.ts';

/** 0: nothing known or nothing arrives; 1: barely; 5: excellent. */
export type Quality = 0 | 1 | 2 | 3 | 4 | 5;

/** How large a participant's picture is shown, so that an adapter can ask for no more than that. */
export type PictureSize = 'none' | 'small' | 'large';

/** What arrives from one other participant. */
export interface RemoteMedia {
  readonly id: string;
  readonly state: 'connecting' | 'connected' | 'reconnecting';
  /** Live tracks to show, null where there is none. Sound is played by the adapter itself. */
  readonly camera: MediaStreamTrack | null;
  readonly screen: MediaStreamTrack | null;
  /** What they say of themselves: on, or muted / switched off / without a device. */
  readonly microphoneOn: boolean;
  readonly cameraOn: boolean;
  /** Of their sound, 0 to 1. */
  readonly level: number;
  readonly quality: Quality;
}

export interface MediaSnapshot {
  readonly state: 'idle' | 'entering' | 'entered' | 'reconnecting' | 'left' | 'failed';
  /** Set with `failed`. */
  readonly error: ErrorCode | null;
  readonly remotes: readonly RemoteMedia[];
  /** Of what we send. */
  readonly quality: Quality;
  /** Our camera as others see it, where that is not as it is captured. */
  readonly ownCamera?: MediaStreamTrack | null | undefined;
  /** The browser refuses to play sound until a person presses something: show `startAudio`. */
  readonly audioBlocked: boolean;
  /** performance.now() when the first remote frame was decoded, null before. */
  readonly firstFrameAt: number | null;
}

/** A picture that lies over a camera's, for everyone to see; all numbers in pixels of the camera's picture. */
export interface Watermark {
  /** Its address; a server of another origin has to allow that it is read (CORS). */
  readonly image: string;
  /** Of its left upper corner. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What stands behind whoever is before the camera, for everyone to see. */
export interface VirtualBackground {
  /** How much of the room is blurred, 1 to 10; 3 where nothing is said. */
  readonly blur?: number | undefined;
  /** The address of a picture in place of the room; as a watermark's. */
  readonly image?: string | undefined;
  /** The address of a copy of `trtc-sdk-v5/assets`, for a bundle of one's own. */
  readonly assets?: string | undefined;
  /** Called where it stops by itself, or its media fail: from then on the room is seen. */
  readonly onLost?: ((error: RtcDeskError) => void) | undefined;
}

/** For everyone to see, now and whenever our camera is on. Where it fails the camera goes on as it was. */
export interface CameraEffects {
  /** `null` takes it away. Rejects with `media-failed` where it cannot be shown. */
  setWatermark(watermark: Watermark | null): Promise<void>;
  /**
   * `null` takes it away. It stays while cameras come and go. Rejects where it is not there: with `unsupported-browser`;
   * with `media-blocked` where the page's policy forbids WebAssembly; with `forbidden` where the cloud does not allow it;
   * with `conflict` outside of the room; else with `media-failed`.
   */
  setVirtualBackground(background: VirtualBackground | null): Promise<void>;
}

/**
 * One stay of one person in one room. Made by a `MediaFactory`, used once, dead after `leave`.
 * Everything it publishes it takes from the `LocalMedia` that it was given, and follows as that
 * changes; the adapter never opens or stops a device itself.
 */
export interface MediaRoom extends Readable<MediaSnapshot> {
  /** Resolves when in the room (not when somebody else is). Rejects with an RtcDeskError. */
  enter(): Promise<void>;
  /** The ids of everyone else who is in the room, from the server. */
  handleRoster(participants: readonly string[]): void;
  /** A signal from another member. Adapters with a cloud of their own ignore it. */
  handleSignal(from: string, data: unknown): void;
  /** Signaling is back after a gap: repair what broke meanwhile. */
  handleSignalingRestored(): void;
  /** A hint for adapters that can choose among streams. */
  setPictureSize(participant: string, size: PictureSize): void;
  /** To be called inside a click, after `audioBlocked`. */
  startAudio(): Promise<void>;
  /** Chooses where sound comes out; '' is the system's default. */
  setSpeaker(deviceId: string): Promise<void>;
  /** What can be done to our own picture; only where the adapter can. */
  readonly effects?: CameraEffects | undefined;
  /** Idempotent. Lets go of everything but the devices, which belong to the LocalMedia. */
  leave(): Promise<void>;
}

export interface MediaRoomOptions<T> {
  readonly ticket: T;
  /** Our own participant id. */
  readonly self: string;
  readonly room: number;
  readonly local: LocalMedia;
  /** Hands a signal to another member; it may be lost while signaling is down. */
  readonly sendSignal: (to: string, data: unknown) => void;
  /** A fresh ticket for this join, where the one at hand has expired. Rejects with an RtcDeskError. */
  readonly renewTicket: () => Promise<Ticket>;
}
