import type { CameraSide, LocalMediaSnapshot } from '../media/local-media.ts';
import type { CommandOf } from '../protocol/client-messages.ts';
import type { ErrorCode } from '../protocol/errors.ts';
import type { FlowAnswer } from '../protocol/flow.ts';
import type { FlowStepView } from '../protocol/flow-step-view.ts';
import type { VisitorCallEnd } from '../protocol/visitor-view.ts';
import type { VisitorRecordingView, VisitorView, WaitEstimate } from '../protocol/views.ts';
import type { Readable } from '../snapshot/store.ts';
import type { RoomControl } from './room-control.ts';

export type { LocalMediaSnapshot } from '../media/local-media.ts';
export type { ErrorCode } from '../protocol/errors.ts';
export type { CallEnd, EndReason, WaitEstimate } from '../protocol/views.ts';
export type { Readable } from '../snapshot/store.ts';
export type { RoomControl } from './room-control.ts';

/** The contract's states of `<video-call-button>`. */
export type VisitorCallState =
  | 'idle'
  | 'choosing'
  | 'queued'
  | 'ringing'
  | 'connecting'
  | 'connected'
  | 'reconnecting'
  | 'ended'
  | 'failed';

export interface VisitorCallSnapshot {
  readonly state: VisitorCallState;
  /** Set with `failed`. */
  readonly error: ErrorCode | null;
  /** With `failed`: when another try may work, in ms since 1970 by this device's clock; null where nobody knows. */
  readonly retryAt: number | null;
  readonly callId: string | null;
  /** While `choosing`. */
  readonly step: FlowStepView | null;
  /** null while the request is on its way. */
  readonly position: number | null;
  readonly estimate: WaitEstimate | null;
  /** False: no agent of the group is available at the moment. The place in the queue is kept. */
  readonly agentOnline: boolean;
  readonly agentName: string | null;
  /** False while the socket is down; the place is kept for 60 s. */
  readonly online: boolean;
  readonly local: LocalMediaSnapshot;
  /** The agent is there, and the page was hidden: nothing is sent before `join`. */
  readonly joinAsked: boolean;
  /** From `connecting` on. */
  readonly room: RoomControl | null;
  /** As the server showed it last; unset if nothing was recorded or asked. */
  readonly recording?: VisitorRecordingView | undefined;
  readonly ended: VisitorCallEnd | null;
  /** With which this browser asks about the call, or comes back to it. */
  readonly key: string | null;
}

export interface VisitorCallOptions {
  /** The desk's address, e.g. `https://desk.example.com`. */
  readonly server: string;
  readonly site: string;
  /** The camera of a phone that is opened first. Default: `user`. */
  readonly camera?: CameraSide | undefined;
}

/** What the visitor has answered before a call. */
export type RequestAnswers = Pick<CommandOf<'request-call'>, 'challenge' | 'consent'>;

/** What one press of the button asks for. */
export interface CallRequest {
  /**
   * Answers what the site asks before a call, after the request was refused with `code`: a challenge, or a consent
   * (`site.challenge` and `site.consent` of the view). The request is then sent again with the answer. Null: there is
   * none, and the call fails with `code`.
   */
  readonly answer?: (
    code: ErrorCode,
    desk: Readable<{ readonly view: VisitorView | null }>,
  ) => Promise<RequestAnswers | null>;
  readonly skill?: string;
  readonly flow?: string;
  readonly name?: string;
  readonly identity?: string;
  readonly params: Readonly<Record<string, string>>;
  readonly language: string;
}

/** What the visitor answers: to the step of the flow, where null goes back; or whether the call may be recorded. */
export type VisitorAnswer =
  | { readonly type: 'flow-answer'; readonly node: string; readonly value: FlowAnswer }
  | { readonly type: 'answer-recording'; readonly agreed: boolean };

/** A code with which another device of the visitor takes the call. */
export interface HandOverOffer {
  readonly code: string;
  /** In ms since 1970 by this device's clock. */
  readonly expiresAt: number;
}

/** What `<video-call-button>`'s panel shows and asks for. Implemented by `VisitorCall`. */
export interface VisitorCallControl extends Readable<VisitorCallSnapshot> {
  /**
   * Requests the call. Opens the devices when the server has taken the call, and it is no longer `choosing`: nobody is
   * asked for a camera who then reads that the desk is closed. Resolves when the call is queued. A failure is a state and a rejection (RtcDeskError). `signed-in-elsewhere`:
   * another tab of this visitor holds the call; `takeOver` brings it here.
   */
  start(request: CallRequest): Promise<void>;
  /** Goes on with the call from before a reload, if it still lives. Resolves to whether it does. */
  resume(): Promise<boolean>;
  takeOver(): Promise<void>;
  /** Enters the room, where `joinAsked`. */
  join(): void;
  /** Rejects with an RtcDeskError. */
  answer(answer: VisitorAnswer): Promise<void>;
  /** Asks for a code; an older one no longer counts. Rejects with an RtcDeskError. */
  offerHandOver(): Promise<HandOverOffer>;
  /** Cancels the request, or leaves the call. */
  hangUp(): Promise<void>;
  setCameraOn(on: boolean): Promise<void>;
  /** A device's id, or a side of the phone: `user` or `environment`. */
  useCamera(deviceId: string): Promise<void>;
  setMicrophoneOn(on: boolean): Promise<void>;
  /** From `ended` or `failed` back to `idle`. */
  reset(): void;
}
