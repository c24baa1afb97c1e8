import type { CommandBody } from '../../../src/protocol/client-messages.ts';
import type { ErrorCode } from '../../../src/protocol/errors.ts';
import type { AgentView, ChatMessage, VisitorView } from '../../../src/protocol/views.ts';

/** Sent or received at this time: ms since 1970 by the recorder's steady clock. */
interface Timed {
  readonly at: number;
}

/** Something that one person did or saw, over the socket of this number (each is used once). */
interface Personal extends Timed {
  readonly who: string;
  readonly socket: number;
}

/** The hello was sent; nothing is known yet of what became of it. */
export interface Greeted extends Personal {
  readonly kind: 'greeted';
  readonly node: string;
  /** Whether the hello named a call of before (a visitor's resume token). */
  readonly resumes: boolean;
}
/** The welcome came. */
export interface Joined extends Personal {
  readonly kind: 'joined';
}
/** The socket is over, whoever ended it. */
export interface Lost extends Personal {
  readonly kind: 'lost';
}
/** Sent, or sent again with the same id. */
export interface Sent extends Personal {
  readonly kind: 'sent';
  readonly id: string;
  readonly body: CommandBody;
}
export interface Answered extends Personal {
  readonly kind: 'answered';
  readonly id: string;
  readonly answer:
    | { readonly ok: true; readonly value: unknown }
    | { readonly ok: false; readonly code: ErrorCode };
}
export interface Saw extends Personal {
  readonly kind: 'saw';
  readonly rev: number;
  readonly view: VisitorView | AgentView;
}
export interface Heard extends Personal {
  readonly kind: 'heard';
  readonly room: number;
  readonly messages: readonly ChatMessage[];
}
/** What the tables said at one moment, in one statement. */
export interface Sampled extends Timed {
  readonly kind: 'sampled';
  readonly calls: readonly {
    readonly id: string;
    readonly state: string;
    readonly epoch: number;
  }[];
  /** `held`: active offers and live calls, counted from their own rows. */
  readonly agents: readonly {
    readonly id: string;
    readonly held: number;
    readonly capacity: number;
  }[];
}
/** Something was done to the machines: a node killed, a database taken away. */
export interface Troubled extends Timed {
  readonly kind: 'troubled';
  readonly what: string;
}
/** From here on every node and the database are there, and everyone behaves. */
export interface Calmed extends Timed {
  readonly kind: 'calmed';
}

export type Event =
  Greeted | Joined | Lost | Sent | Answered | Saw | Heard | Sampled | Troubled | Calmed;

/** What the database holds in the end. Times in ms since 1970 by its clock. */
export interface FinalRecord {
  readonly offerSeconds: number;
  readonly agents: readonly {
    readonly id: string;
    readonly who: string;
    readonly capacity: number;
  }[];
  readonly calls: readonly {
    readonly id: string;
    readonly state: string;
    readonly epoch: number;
    readonly skill: string;
    readonly requestedAt: number;
    readonly endedReason: string | null;
  }[];
  readonly transitions: readonly Transition[];
  readonly offers: readonly {
    readonly id: string;
    readonly callId: string;
    readonly agentId: string;
    readonly state: string;
    readonly offeredAt: number;
    readonly closedAt: number | null;
  }[];
  readonly joins: readonly {
    readonly id: string;
    readonly callId: string | null;
    readonly room: number;
    readonly role: string;
    readonly issuedAt: number;
    readonly enteredAt: number | null;
    readonly leftAt: number | null;
  }[];
  readonly messages: readonly {
    readonly room: number;
    readonly sequence: number;
    readonly id: string;
  }[];
  /** Every node that counts as alive, and how long ago it said so; in ms. */
  readonly nodes: readonly { readonly id: string; readonly silentFor: number }[];
}

export interface Transition {
  readonly callId: string;
  readonly epoch: number;
  readonly from: string | null;
  readonly to: string;
  readonly agentId: string | null;
  readonly reason: string;
  readonly at: number;
}

export interface History {
  readonly events: readonly Event[];
  readonly record: FinalRecord;
}

/** A promise that was not kept: which, and what shows it. */
export interface Breach {
  readonly promise: string;
  readonly evidence: string;
}
