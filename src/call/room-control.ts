import type { ChatSnapshot } from '../chat/chat.ts';
import type { LocalMediaSnapshot } from '../media/local-media.ts';
import type { PictureSize, Quality, VirtualBackground, Watermark } from '../media/media.ts';
import type { ErrorCode } from '../protocol/errors.ts';
import type { ParticipantRole } from '../protocol/views.ts';
import type { Readable } from '../snapshot/store.ts';

export type { ChatEntry, ChatSnapshot } from '../chat/chat.ts';
export type { DeviceChoice, LocalMediaSnapshot, SourceSnapshot } from '../media/local-media.ts';
export type { PictureSize, Quality, VirtualBackground, Watermark } from '../media/media.ts';
export type { ErrorCode } from '../protocol/errors.ts';
export type { ChatImage, ParticipantRole } from '../protocol/views.ts';
export { NAMELESS } from '../protocol/views.ts';
export type { Readable } from '../snapshot/store.ts';

/** One person in the room, as a tile shows them. The first is always oneself. */
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly role: ParticipantRole;
  readonly verified: boolean;
  readonly self: boolean;
  readonly camera: MediaStreamTrack | null;
  readonly screen: MediaStreamTrack | null;
  readonly cameraOn: boolean;
  readonly microphoneOn: boolean;
  readonly speaking: boolean;
  readonly quality: Quality;
  /** `away`: neither media nor signaling, they may come back. */
  readonly state: 'connecting' | 'connected' | 'reconnecting' | 'away';
}

export interface RoomSnapshot {
  readonly state: 'joining' | 'joined' | 'reconnecting' | 'left' | 'failed';
  readonly error: ErrorCode | null;
  readonly room: number | null;
  readonly people: readonly Person[];
  readonly local: LocalMediaSnapshot;
  readonly chat: ChatSnapshot;
  readonly audioBlocked: boolean;
  /** Sound and pictures failed for good, and the call goes on in writing; `retryMedia` tries them again. */
  readonly mediaError: ErrorCode | null;
  readonly signaling: 'online' | 'offline';
  /** The media's usual provider could not be reached by somebody here: the built-in media took over. */
  readonly fellBack?: boolean | undefined;
  /** When both were in, ms since 1970 by this browser's clock; null before. */
  readonly connectedAt: number | null;
  readonly firstFrameAt: number | null;
}

/** What `<call-room>` renders and asks. Implemented by `RoomSession`; a test brings its own. */
export interface RoomControl extends Readable<RoomSnapshot> {
  setMicrophoneOn(on: boolean): Promise<void>;
  setCameraOn(on: boolean): Promise<void>;
  useCamera(deviceId: string): Promise<void>;
  useMicrophone(deviceId: string): Promise<void>;
  useSpeaker(deviceId: string): Promise<void>;
  startScreen(): Promise<void>;
  stopScreen(): void;
  /**
   * Lays a picture over our camera, for everyone to see; `null` takes it away. Rejects with `media-failed` where it
   * cannot be shown, also because the media cannot: TRTC's alone can.
   */
  setWatermark(watermark: Watermark | null): Promise<void>;
  /**
   * Puts a background behind whoever is before our camera, for everyone to see; `null` takes it away. Rejects where it
   * is not there, by the codes of `CameraEffects`: `media-failed` also because the media cannot, since TRTC's alone can.
   * Media that had to be opened anew begin without.
   */
  setVirtualBackground(background: VirtualBackground | null): Promise<void>;
  startAudio(): Promise<void>;
  /** Does nothing where there is no `mediaError`. A new failure is the next one. */
  retryMedia(): Promise<void>;
  setPictureSize(person: string, size: PictureSize): void;
  sendText(text: string): void;
  sendImage(image: Blob): void;
  retryMessage(id: string): void;
  notifyTyping(): void;
  markRead(): void;
  loadImage(id: string): Promise<Blob>;
  /** Leaves the room; in a call that ends the call. */
  leave(): Promise<void>;
}
