import type { AgentStatus, SkillGroupName, VisitorCard } from '../../protocol/views.ts';

/** `detail` of `desk-ready`: the agent who signed in. */
export interface DeskReady {
  readonly agent: { readonly id: string; readonly username: string; readonly name: string };
  readonly status: AgentStatus;
}

/** The contract's `status` of `<agent-desk>`. */
export type DeskStatus = AgentStatus | 'signed-out';

/** A call that is offered to this agent or accepted by them: the data for a screen pop. */
export interface DeskCall {
  readonly callId: string;
  readonly visitor: VisitorCard;
  readonly params: Readonly<Record<string, string>>;
  readonly skill: SkillGroupName;
}

export interface DeskOffer extends DeskCall {
  /** The end of the offer, in ms since 1970 by this browser's clock. */
  readonly deadline: number;
}

abstract class DeskEvent<D> extends Event {
  constructor(
    type: string,
    readonly detail: D,
  ) {
    super(type, { bubbles: true, composed: true });
  }
}

/** The agent is signed in, and the desk has its first view. */
export class DeskReadyEvent extends DeskEvent<DeskReady> {
  constructor(detail: DeskReady) {
    super('desk-ready', detail);
  }
}

export class DeskStatusEvent extends DeskEvent<{ readonly status: DeskStatus }> {
  constructor(status: DeskStatus) {
    super('desk-status', { status });
  }
}

/** A call rings. */
export class CallOfferedEvent extends DeskEvent<DeskOffer> {
  constructor(detail: DeskOffer) {
    super('call-offered', detail);
  }
}

/** The call is no longer this agent's: declined, missed, cancelled while it rang, or back in the queue. */
export class CallWithdrawnEvent extends DeskEvent<{ readonly callId: string }> {
  constructor(callId: string) {
    super('call-withdrawn', { callId });
  }
}

/** This agent has the call. Also dispatched when a page finds a call that was accepted before the page was opened. */
export class CallAcceptedEvent extends DeskEvent<DeskCall> {
  constructor(detail: DeskCall) {
    super('call-accepted', detail);
  }
}

declare global {
  interface GlobalEventHandlersEventMap {
    'desk-ready': DeskReadyEvent;
    'desk-status': DeskStatusEvent;
    'call-offered': CallOfferedEvent;
    'call-withdrawn': CallWithdrawnEvent;
    'call-accepted': CallAcceptedEvent;
  }
}
