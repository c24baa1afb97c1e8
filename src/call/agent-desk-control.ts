import type { ErrorCode } from '../protocol/errors.ts';
import type { AgentView, ChosenStatus } from '../protocol/views.ts';
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
  finishWrapUp(): Promise<void>;
  /** Rings and talks in this tab from now on. */
  activateTab(): Promise<void>;
  /** Sends camera, microphone and screen to another one of `rooms`. The others no longer get them. */
  sendMediaTo(room: number): void;
  /** Closes the socket and the rooms without signing out. */
  disconnect(): void;
}
