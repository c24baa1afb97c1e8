import type { ErrorCode } from '../protocol/errors.ts';
import type { AgentView, ChosenStatus } from '../protocol/views.ts';
import type { Readable } from '../snapshot/store.ts';
import type { RoomControl } from './room-control.ts';

export type { ErrorCode } from '../protocol/errors.ts';
export type {
  AgentCallView,
  AgentStatus,
  AgentView,
  CallEnd,
  ChosenStatus,
  EndReason,
  OfferView,
  PastCallView,
  SkillGroupName,
  TodayView,
  VisitorCard,
  WaitingCallView,
  WrapUpView,
} from '../protocol/views.ts';
export type { Readable } from '../snapshot/store.ts';
export type { RoomControl } from './room-control.ts';

export interface AgentDeskSnapshot {
  readonly state: 'signed-out' | 'signing-in' | 'signed-in';
  /** Why a sign-in failed or a session ended: `unauthorized`, `offline`, `rate-limited`, … */
  readonly error: ErrorCode | null;
  /** False while the socket is down; `view` is then what was last known. */
  readonly online: boolean;
  readonly view: AgentView | null;
  /** The server's clock less this browser's, in ms: a deadline in our time is `deadline - clockOffset`. */
  readonly clockOffset: number;
  /** The room, in the tab in charge, from accepted to the end. */
  readonly room: RoomControl | null;
  /** While wrapping up: the room that was left, whose conversation can still be read. */
  readonly lastRoom?: RoomControl | null;
}

export type Credentials =
  | { readonly username: string; readonly password: string }
  /** A JWT that the site's backend signed. */
  | { readonly token: string };

/** What `<agent-desk>` renders and asks. Implemented by `AgentDesk`. Commands reject with an RtcDeskError. */
export interface AgentDeskControl extends Readable<AgentDeskSnapshot> {
  signIn(credentials: Credentials): Promise<void>;
  /** Goes on with the session that this browser still has, if any. Resolves to whether there was one. */
  resume(): Promise<boolean>;
  signOut(): Promise<void>;
  setStatus(status: ChosenStatus): Promise<void>;
  accept(): Promise<void>;
  decline(): Promise<void>;
  endCall(): Promise<void>;
  finishWrapUp(): Promise<void>;
  /** Rings and talks in this tab from now on. */
  activateTab(): Promise<void>;
  /** Closes the socket and the room without signing out. */
  disconnect(): void;
}
