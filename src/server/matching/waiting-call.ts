import type { Refusal } from './refusals.ts';

/** A call in the state `queued`. Times are in ms. */
export interface WaitingCall {
  readonly id: string;
  /** The epoch under which the call was read. */
  readonly epoch: number;
  readonly groupId: string;
  /** The version of the rules of this group. */
  readonly rulesVersion: number;
  /** 1 to 9; 9 is served first. */
  readonly priority: number;
  readonly requestedAt: number;
  /** The agent who served this visitor last; null if nobody did. */
  readonly visitorLastAgent: string | null;
  /** Earlier offers of this call that did not lead to a conversation. */
  readonly refusals: readonly Refusal[];
}
