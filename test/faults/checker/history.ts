import type { CommandBody } from '../../../src/protocol/client-messages.ts';
import type { ErrorCode } from '../../../src/protocol/errors.ts';
import type { AgentView, ChatMessage, VisitorView } from '../../../src/protocol/views.ts';

/** When it was sent or received: ms since 1970, by the recorder's steady clock. */
interface Timed {
  readonly at: number;
}

/** What one person sent or received over one socket. Each socket has its own number. */
interface OnSocket extends Timed {
  readonly who: string;
  readonly socket: number;
}

export interface HelloSent extends OnSocket {
  readonly kind: 'hello-sent';
  readonly node: string;
  /** Whether the hello had a visitor's resume token. */
  readonly resumes: boolean;
}
export interface Welcomed extends OnSocket {
  readonly kind: 'welcomed';
}
/** The socket has closed, by either side. */
export interface SocketClosed extends OnSocket {
  readonly kind: 'socket-closed';
}
/** A command, also one that is sent again with the same id. */
export interface CommandSent extends OnSocket {
  readonly kind: 'command-sent';
  readonly id: string;
  readonly body: CommandBody;
}
export interface ResultReceived extends OnSocket {
  readonly kind: 'result-received';
  readonly id: string;
  readonly result:
    | { readonly ok: true; readonly value: unknown }
    | { readonly ok: false; readonly code: ErrorCode };
}
export interface SnapshotReceived extends OnSocket {
  readonly kind: 'snapshot-received';
  readonly rev: number;
  readonly view: VisitorView | AgentView;
}
export interface ChatReceived extends OnSocket {
  readonly kind: 'chat-received';
  readonly room: number;
  readonly messages: readonly ChatMessage[];
}
/** What the tables contained at one moment, read by one statement. */
export interface Sampled extends Timed {
  readonly kind: 'sampled';
  readonly calls: readonly {
    readonly id: string;
    readonly state: string;
    readonly epoch: number;
  }[];
  /** `activeLegs`: legs that are offered, accepted or joined. */
  readonly agents: readonly { readonly id: string; readonly activeLegs: number }[];
}
/** A fault of the machines: a node killed, the database stopped. */
export interface Fault extends Timed {
  readonly kind: 'fault';
  readonly what: string;
}
/** From here on every node and the database run, and every client behaves well. */
export interface Repaired extends Timed {
  readonly kind: 'repaired';
}

export type Event =
  | HelloSent
  | Welcomed
  | SocketClosed
  | CommandSent
  | ResultReceived
  | SnapshotReceived
  | ChatReceived
  | Sampled
  | Fault
  | Repaired;

/** What the tables contain in the end. Times in ms since 1970, by the database's clock. */
export interface FinalRecord {
  readonly offerSeconds: number;
  readonly agents: readonly { readonly id: string; readonly who: string }[];
  readonly calls: readonly {
    readonly id: string;
    readonly state: string;
    readonly epoch: number;
    readonly eventCount: number;
    readonly group: string;
    readonly requestedAt: number;
    readonly endedReason: string | null;
  }[];
  readonly callEvents: readonly CallEvent[];
  readonly legs: readonly {
    readonly id: string;
    readonly callId: string;
    readonly agentId: string;
    readonly state: string;
    readonly offeredAt: number;
    readonly acceptedAt: number | null;
    readonly leftAt: number | null;
    readonly closedAt: number | null;
  }[];
  readonly participants: readonly {
    readonly id: string;
    readonly callId: string | null;
    readonly room: number;
    readonly role: string;
    readonly issuedAt: number;
    readonly enteredAt: number | null;
    /** When the participant left or the room closed. */
    readonly leftAt: number | null;
  }[];
  readonly messages: readonly {
    readonly room: number;
    readonly sequence: number;
    readonly id: string;
  }[];
  /** The nodes that count as alive, and the age of their last heartbeat in ms. */
  readonly nodes: readonly { readonly id: string; readonly silentFor: number }[];
}

/** A row of call_events. */
export interface CallEvent {
  readonly callId: string;
  readonly sequence: number;
  readonly type: string;
  readonly actor: string;
  readonly legId: string | null;
  readonly agentId: string | null;
  readonly reason: string | null;
  readonly at: number;
}

export interface History {
  readonly events: readonly Event[];
  readonly record: FinalRecord;
}

/** A promise that was broken, and the evidence. */
export interface Breach {
  readonly promise: string;
  readonly evidence: string;
}
