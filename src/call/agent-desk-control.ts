import type { ErrorCode } from '../protocol/errors.ts';
import type { CannedReply } from '../protocol/rest/canned-replies.ts';
import type { Dispositions } from '../protocol/rest/dispositions.ts';
import type { FollowUp } from '../protocol/rest/follow-ups.ts';
import type {
  AgentView,
  ChatMessage,
  ChosenStatus,
  PastCall,
  ReadCall,
} from '../protocol/views.ts';
import type { Readable } from '../snapshot/store.ts';
import type { RoomControl } from './room-control.ts';

export interface AgentDeskSnapshot {
  readonly state: 'signed-out' | 'signing-in' | 'signed-in';
  /** Why a sign-in failed or a session ended: `unauthorized`, `offline`, `rate-limited`, … */
  readonly error: ErrorCode | null;
  /** Whether the agent has signed in with a password, and can choose another one. */
  readonly byPassword?: boolean;
  /** False while the socket is down; `view` is then the last known one. */
  readonly online: boolean;
  readonly view: AgentView | null;
  /** The server's clock minus this device's clock, in ms. A deadline by this clock is `deadline - clockOffset`. */
  readonly clockOffset: number;
  /** In the active tab: every room of the agent's legs, in the order of the view. */
  readonly rooms: readonly RoomControl[];
  /** The one of `rooms` to which camera, microphone and screen are sent. */
  readonly room: RoomControl | null;
  /** During wrap-up: the room that was left. Its conversation can still be read. */
  readonly lastRoom?: RoomControl | null;
}

/** What becomes of the recording of the call. */
export type RecordingStep = 'start' | 'pause' | 'resume' | 'stop';

export type Credentials =
  | PasswordCredentials
  /** A JWT that the site's backend signed. */
  | { readonly token: string };

export interface PasswordCredentials {
  /** The agent's site. It may be left out on a server with one site. */
  readonly site?: string | undefined;
  readonly username: string;
  readonly password: string;
  /** Of the authenticator app: after `second-factor-needed`. */
  readonly code?: string | undefined;
}

export interface PasswordChange {
  readonly current: string;
  readonly password: string;
}

export type DispositionTree = Dispositions['dispositions'];

export interface DispositionChoice {
  /** A leaf of the site's tree; null: none. */
  readonly code: string | null;
  /** Becomes the agent's note of the call. Left out: the note stays. */
  readonly note?: string;
  /** Default: the call that is wrapped up, else the one that runs, else the last one of today. */
  readonly callId?: string;
}

/** What an agent reads about calls that are over, and of the site's outcomes and texts. */
export interface FollowUpPage {
  readonly items: readonly FollowUp[];
  readonly cursor: string | null;
}

/** Whether this agent takes care of a message, and whether it was answered. */
export interface FollowUpStep {
  readonly assigned?: boolean;
  readonly handled?: boolean;
}

/** What can be played of a call. */
export type PastRecording = NonNullable<ReadCall['recording']>;

export interface DeskRecords {
  readDispositions(): Promise<DispositionTree>;
  readCannedReplies(): Promise<readonly CannedReply[]>;
  readReplyPicture(replyId: string): Promise<Blob>;
  /** The last calls of the verified visitor of a call that this agent has. */
  readHistory(callId: string): Promise<readonly PastCall[]>;
  readPastCall(callId: string): Promise<ReadCall>;
  /** The addresses of the files of a recording, for about four hours. Rejects with `forbidden`. */
  playRecording(recording: PastRecording): Promise<readonly string[]>;
  readPastMessages(callId: string): Promise<readonly ChatMessage[]>;
  readPastPicture(callId: string, pictureId: string): Promise<Blob>;
  /** Open messages and callbacks of the agent's groups, the newest first. `cursor`: of the page before. */
  readFollowUps(cursor: string | null): Promise<FollowUpPage>;
  /** Rejects with `conflict` where somebody else has changed it since it was read. */
  changeFollowUp(followUp: FollowUp, change: FollowUpStep): Promise<FollowUp>;
  /** Answers a message by a callback, or starts a failed callback again. Rejects as above. */
  callBack(followUp: FollowUp): Promise<FollowUp>;
}

/** What `<agent-desk>` shows and asks for. Implemented by `AgentDesk`. Commands reject with an RtcDeskError. */
export interface AgentDeskControl extends Readable<AgentDeskSnapshot> {
  signIn(credentials: Credentials): Promise<void>;
  /** Goes on with the session that this browser stored. Resolves to whether there is one. */
  resume(): Promise<boolean>;
  signOut(): Promise<void>;
  /** Rejects with `unauthorized` for a wrong password, with `password-refused` for a new one that is too weak. */
  changePassword(change: PasswordChange): Promise<void>;
  setStatus(status: ChosenStatus): Promise<void>;
  accept(): Promise<void>;
  decline(): Promise<void>;
  endCall(): Promise<void>;
  /** Rejects with `disposition-required` if the group requires a disposition and there is none. */
  finishWrapUp(): Promise<void>;
  /** More time for the wrap-up. */
  extendWrapUp(): Promise<void>;
  setDisposition(choice: DispositionChoice): Promise<void>;
  /** The agent's own note of a call. */
  saveNote(callId: string, text: string): Promise<void>;
  setTags(callId: string, tags: readonly string[]): Promise<void>;
  /** Begins, interrupts, continues or ends the recording of the call. Rejects with `conflict`, `storage-full`. */
  changeRecording(step: RecordingStep): Promise<void>;
  readonly records: DeskRecords;
  /** Rings and talks in this tab from now on. */
  activateTab(): Promise<void>;
  /** Sends camera, microphone and screen to another one of `rooms`. The others no longer get them. */
  sendMediaTo(room: number): void;
  /** Closes the socket and the rooms without signing out. */
  disconnect(): void;
}
