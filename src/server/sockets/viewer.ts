import type { AgentCredential } from '../identity/verify-agent-token.ts';
import type { ReadMark, VisitorSiteView } from '../../protocol/views.ts';

/** Who a connection belongs to, from its hello on. */
export type Viewer = VisitorViewer | AgentViewer | GuestViewer | ConsoleViewer;

export interface VisitorViewer {
  readonly role: 'visitor';
  readonly site: VisitorSiteView;
  /** The call that this visitor's resume token opened; null before there is one. */
  readonly callId: string | null;
  /** With which a call begins that names neither a flow nor a skill; null: with the site's first group. */
  readonly defaultFlow: string | null;
}

export interface AgentViewer {
  readonly role: 'agent';
  readonly site: { readonly id: string };
  readonly agentId: string;
  /** Of the hello. */
  readonly credential: AgentCredential;
}

export interface GuestViewer {
  readonly role: 'guest';
  readonly site: { readonly id: string };
  readonly room: number;
  readonly participant: string;
}

/** Somebody who watches the live board in the console. */
export interface ConsoleViewer {
  readonly role: 'console';
  readonly site: { readonly id: string };
  readonly agentId: string;
  readonly credential: AgentCredential;
}

/** Names the person over reconnects and tabs; null for a visitor who has asked for nothing yet. */
export function identityOf(viewer: Viewer): string | null {
  switch (viewer.role) {
    case 'visitor':
      return viewer.callId && `call:${viewer.callId}`;
    case 'agent':
    case 'console':
      return `agent:${viewer.agentId}`;
    case 'guest':
      return `guest:${viewer.participant}`;
  }
}

/** What the answer to `enter-room` tells the client. */
export interface RoomEntry {
  readonly room: number;
  readonly participant: string;
  readonly lastSequence: number;
  readonly readMarks: readonly ReadMark[];
  /** The room has a drawing, or had one. */
  readonly drawn?: boolean;
  /** The same command made the room: a view that is being read may not show it yet. */
  readonly justMade?: boolean;
}

/** A room that a connection is in, by an accepted `enter-room` or `accept-offer`. */
export interface EnteredRoom {
  readonly room: number;
  readonly participant: string;
  /** The sequence of the last chat message that was delivered to this connection. */
  chatDelivered: number;
  /** The version of the drawing that was last delivered to this connection; null: none. */
  drawingDelivered: string | null;
  /** The next view may have been read before the room was made. */
  justMade: boolean;
  /** Each participant's read mark, as this connection was last told. */
  readonly readMarks: Map<string, number>;
}
