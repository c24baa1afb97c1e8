import type { ChatSnapshot } from '../chat/chat.ts';
import type { LocalMediaSnapshot, SourceName } from '../media/local-media.ts';
import type { PictureSize, Quality, VirtualBackground, Watermark } from '../media/media.ts';
import type { SpeechRecognizer } from '../media/speech.ts';
import type { Picture } from '../platform/platform.ts';
import type { CommandBody, CommandValues } from '../protocol/client-messages.ts';
import type { ErrorCode } from '../protocol/errors.ts';
import type { ParticipantRole, Ticket } from '../protocol/views.ts';
import type { Readable } from '../snapshot/store.ts';

import type { PictureToolsControl } from './picture-tools-control.ts';

export type { ChatEntry, ChatSnapshot } from '../chat/chat.ts';
export type {
  DeviceChoice,
  LocalMediaSnapshot,
  SourceName,
  SourceSnapshot,
} from '../media/local-media.ts';
export type { PictureSize, Quality, VirtualBackground, Watermark } from '../media/media.ts';
export type { ErrorCode } from '../protocol/errors.ts';
export type { ChatImage, ParticipantRole } from '../protocol/views.ts';
export type { Readable } from '../snapshot/store.ts';

/** One person in the room, as a tile shows them. The first one is always this person. */
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly role: ParticipantRole;
  readonly verified: boolean;
  readonly self: boolean;
  readonly camera: MediaStreamTrack | null;
  readonly screen: MediaStreamTrack | null;
  /** Of the microphone, for a recording. The room itself plays it. */
  readonly sound?: MediaStreamTrack | null | undefined;
  readonly cameraOn: boolean;
  readonly microphoneOn: boolean;
  /** They have no such device, or may not use it. It is not just off. */
  readonly cameraMissing?: boolean | undefined;
  readonly microphoneMissing?: boolean | undefined;
  readonly speaking: boolean;
  readonly quality: Quality;
  /** `away`: neither media nor signaling; they may come back. */
  readonly state: 'connecting' | 'connected' | 'reconnecting' | 'away';
}

/** What the network carries at the moment. */
export interface MediaModeSnapshot {
  /** `audio`: no pictures are sent. `chat`: neither pictures nor sound. */
  readonly mode: 'video' | 'audio' | 'chat';
  /** The mode has just become better. */
  readonly improved: boolean;
  /** `offered`: it does not look as if the media came back. `asked`: sent, or waiting for a connection. */
  readonly callback: 'none' | 'offered' | 'asked' | 'failed';
}

/** Adapts this person's media to a request for a sharper picture, and to the network. */
export interface AdaptationControl {
  /** Captures and sends the camera with the media profile `detail`, or with the site's own again. */
  setDetail(on: boolean): Promise<void>;
  /** Ends the call, and has the visitor called back. The snapshot's `mediaMode` tells what becomes of it. Never rejects. */
  askForCallback(): Promise<void>;
}

export interface RoomSnapshot {
  readonly state: 'joining' | 'joined' | 'reconnecting' | 'left' | 'failed';
  readonly error: ErrorCode | null;
  readonly room: number | null;
  readonly people: readonly Person[];
  readonly local: LocalMediaSnapshot;
  readonly chat: ChatSnapshot;
  readonly audioBlocked: boolean;
  /** Sound and pictures failed for good, and the call goes on as a chat. `retryMedia` tries them again. */
  readonly mediaError: ErrorCode | null;
  readonly signaling: 'online' | 'offline';
  /** Somebody could not reach the usual media provider, so that the room uses the built-in media. */
  readonly fellBack?: boolean | undefined;
  /** What this person may not send in this room, and has no control for. Unset: nothing. */
  readonly withheld?: readonly SourceName[];
  /** Once somebody uses them. */
  readonly pictureTools?: PictureToolsControl | undefined;
  /** Since the network was bad for the first time; unset before. */
  readonly mediaMode?: MediaModeSnapshot | undefined;
  /** Captions can be shown in this room. Unset: they cannot. */
  readonly captions?: Ticket['captions'];
  /** When both were in the room, in ms since 1970 by this device's clock; null before. */
  readonly connectedAt: number | null;
}

/**
 * What one participant's tool tells the same tool at another participant, such as a drawing. `tool` names it; the rest
 * is JSON, at most 16 levels deep. The receiver checks it: another client may send anything.
 */
export interface ToolMessage {
  readonly tool: string;
  readonly [field: string]: unknown;
}

/** `from`: the participant who sent it. */
export type ToolListener = (message: ToolMessage, from: string) => void;

export type NewCaption = Omit<CommandBody<'add-caption'>, 'type' | 'room'>;

/** What `<call-room>` shows and asks for. Implemented by `RoomSession` and `GuestRoom`. */
export interface RoomControl extends Readable<RoomSnapshot> {
  setMicrophoneOn(on: boolean): Promise<void>;
  setCameraOn(on: boolean): Promise<void>;
  useCamera(deviceId: string): Promise<void>;
  useMicrophone(deviceId: string): Promise<void>;
  useSpeaker(deviceId: string): Promise<void>;
  startScreen(): Promise<void>;
  stopScreen(): void;
  /**
   * Puts a picture over our camera for everyone to see; `null` removes it. Rejects with `media-failed` if it
   * cannot be shown. Only TRTC can show it.
   */
  setWatermark(watermark: Watermark | null): Promise<void>;
  /**
   * Replaces the background of our camera for everyone to see; `null` restores it. Rejects with the codes of
   * `CameraEffects`, and with `media-failed` if the media are not TRTC's. Media that are opened again start without
   * it.
   */
  setVirtualBackground(background: VirtualBackground | null): Promise<void>;
  startAudio(): Promise<void>;
  /** Does nothing if there is no `mediaError`. A new failure sets `mediaError` again. */
  retryMedia(): Promise<void>;
  setPictureSize(person: string, size: PictureSize): void;
  /**
   * Loads the conversation, before somebody writes in it. It is loaded by itself where the room has a message. Resolves
   * when it is there or could not be loaded.
   */
  openChat(): Promise<void>;
  sendText(text: string): void;
  sendImage(image: Picture): void;
  retryMessage(id: string): void;
  notifyTyping(): void;
  markRead(): void;
  loadImage(id: string): Promise<Picture>;
  /**
   * Sends to everybody else who is in the room, or to one of them. A message may be lost, as while signaling is
   * interrupted. Messages to one participant arrive in order.
   */
  sendToTool(message: ToolMessage, to?: string): void;
  /** Called with each message from a tool of somebody else. Set by the element that shows the room. */
  onToolMessage: ToolListener | null;
  /** Loads the picture tools, and puts them into the snapshot. Only the room of a call has them. Rejects with `offline`. */
  openPictureTools?(): Promise<PictureToolsControl>;
  /** Loads what adapts this person's media. Rejects with `offline`. */
  openAdaptation?(): Promise<AdaptationControl>;
  /**
   * The recogniser of the media's cloud for the first of these languages that it knows; null if there is none. Only a room
   * that is joined has one.
   */
  openTranscriber?(languages: readonly string[]): SpeechRecognizer | null | undefined;
  /**
   * Keeps a finished line of what this person has said. `startedAt` is by this device's clock. Only the room of a call has
   * it. Rejects with an RtcDeskError.
   */
  keepCaption?(caption: NewCaption): Promise<CommandValues['add-caption']>;
  /** Somebody else's first picture is on the screen. `sincePress`: ms since the visitor pressed the button; null elsewhere. */
  reportFirstFrame(sincePress: number | null): void;
  /** Leaves the room. Leaving a call's room ends the call. */
  leave(): Promise<void>;
}
