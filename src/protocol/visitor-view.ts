import { Type } from '@sinclair/typebox';
import { CallEnd, SiteView, SkillGroupName, WaitEstimate } from './call-view.ts';
import { FlowStepView } from './flow-step-view.ts';
import { VisitorRecordingView } from './recording.ts';
import { FirstSignal, IceServer, RoomView } from './room-view.ts';
import {
  closed,
  ConsentVersion,
  Nullable,
  OneOf,
  ResumeToken,
  Time,
  Uuid,
  type Shape,
} from './schema.ts';

export const VisitorCallEnd = closed({
  ...CallEnd.properties,
  /** Where the visitor left a message or asked for a callback: the code of the page `/c`. */
  code: Type.Optional(ResumeToken),
});
export type VisitorCallEnd = Shape<typeof VisitorCallEnd>;

export const VisitorCallView = closed({
  id: Uuid,
  /** `ringing` covers the server's states offered and accepted: until `ready` a visitor learns no more. */
  state: OneOf('choosing', 'queued', 'ringing', 'ready', 'connected', 'ended'),
  /** Null while the call has reached no queue. */
  skill: Nullable(SkillGroupName),
  /** While `choosing`. */
  step: Type.Optional(FlowStepView),
  requestedAt: Time,
  /** 1 is next; null once the call no longer waits. */
  position: Nullable(Type.Integer()),
  /** Null if the group has no history yet, or nobody of it is there. */
  estimate: Nullable(WaitEstimate),
  /** Whether an agent of the group is signed in and available. */
  agentOnline: Type.Boolean(),
  /** Of the agent who owns the call; null before `ready`. */
  agentName: Nullable(Type.String()),
  connectedAt: Nullable(Time),
  /** The call's room; empty before `ready` and after the end. */
  rooms: Type.Array(RoomView),
  /** While `ringing`, if the built-in media are used: to gather candidates before there is a ticket. */
  iceServers: Type.Optional(Type.Array(IceServer)),
  /** While `ready`: what the agent gave with `accept-offer`. */
  firstSignal: Type.Optional(FirstSignal),
  /** Until the end, if the call is recorded, or the visitor was asked. */
  recording: Type.Optional(VisitorRecordingView),
  ended: Nullable(VisitorCallEnd),
});
export type VisitorCallView = Shape<typeof VisitorCallView>;

export const ChallengeProvider = OneOf('turnstile');
export type ChallengeProvider = Shape<typeof ChallengeProvider>;

/** The challenge that a visitor without a signed identity answers before a call. */
export const ChallengeView = closed({ provider: ChallengeProvider, siteKey: Type.String() });
export type ChallengeView = Shape<typeof ChallengeView>;

/** What the visitor agrees to before a call. */
export const ConsentView = closed({
  /** The SHA-256 of the text and the link, in hex. */
  version: ConsentVersion,
  /** By language; one at least. */
  text: Type.Record(Type.String(), Type.String()),
  link: Nullable(Type.String()),
});
export type ConsentView = Shape<typeof ConsentView>;

export const VisitorSiteView = closed({
  ...SiteView.properties,
  /** Left out if the site demands none. */
  challenge: Type.Optional(ChallengeView),
  /** While the visitor has no call. Left out if the site asks for nothing. */
  consent: Type.Optional(ConsentView),
});
export type VisitorSiteView = Shape<typeof VisitorSiteView>;

export const VisitorView = closed({
  role: Type.Literal('visitor'),
  site: VisitorSiteView,
  /** This visitor's call: the one that lives, or the one that has just ended. */
  call: Nullable(VisitorCallView),
});
export type VisitorView = Shape<typeof VisitorView>;
