import type { RecordingMode } from '../../protocol/recording.ts';

/** Where a call is in its flow. It is stored with the call, in `calls.flow_state`. */
export interface FlowState {
  /** The step at which the flow stands; null before it has begun. */
  readonly node: string | null;
  readonly params: Readonly<Record<string, string>>;
  /** Of the call, if a step has set it; 1 to 9. */
  readonly priority: number | null;
  /** Of the last queue step. */
  readonly group: string | null;
  /** The steps to which `back` leads, the last one at the end, each with what was known there. */
  readonly history: readonly FlowPast[];
  /** What the visitor has left, which tells how the call ended if it ends in the flow. */
  readonly left: 'message-left' | 'callback-requested' | null;
}

interface FlowPast {
  readonly node: string;
  readonly params: FlowState['params'];
  readonly priority: number | null;
}

/** Facts about the call and its site that change with time. */
export interface FlowFacts {
  readonly language: string | null;
  readonly page: string | null;
  /** Whether the visitor has a signed identity. */
  readonly verified: boolean;
  /** Whether the agent of the visitor's last call is available. */
  readonly lastAgent: boolean;
  /** Whether the visitor has refused the site's consent: no queue takes the call. */
  readonly consentRefused: boolean;
  /** The hours that are open now. */
  readonly openHours: ReadonlySet<string>;
  /** Seconds for which a visitor of the group will likely wait; a group without an estimate is missing. */
  readonly waits: ReadonlyMap<string, number>;
}

/** What moves a flow on. */
export type FlowInput =
  | { readonly kind: 'begin' }
  /** The visitor's answer to the step at which the flow stands. */
  | { readonly kind: 'answer'; readonly value: FlowValue }
  /** Back to the step before. */
  | { readonly kind: 'back' }
  /** What became of a request or of the queue: an exit of the step, and what the answer sets. */
  | {
      readonly kind: 'exit';
      readonly exit: string;
      readonly params?: Readonly<Record<string, string>>;
    };

/** An option's id, or the answers to the fields of a form. */
export type FlowValue = string | Readonly<Record<string, string>>;

/** What the server has to do before it stores the state. */
export type FlowEffect = {
  readonly kind: 'leave-message' | 'callback';
  /** Null: the site's first group. */
  readonly group: string | null;
  readonly contact: string;
  readonly text: string;
};

/** Where the flow stands now. */
export interface FlowOutcome {
  readonly state: FlowState;
  readonly effects: readonly FlowEffect[];
  readonly at:
    /** It waits for the visitor. */
    | { readonly kind: 'visitor' }
    | {
        readonly kind: 'queue';
        readonly group: string;
        readonly priority: number | null;
        readonly timeoutSeconds: number;
        readonly waitForAgents: boolean;
        /** Null: as the group records. */
        readonly recording: RecordingMode | null;
      }
    | { readonly kind: 'request' }
    | {
        readonly kind: 'end';
        readonly reason: 'flow-ended' | 'message-left' | 'callback-requested';
      };
}
