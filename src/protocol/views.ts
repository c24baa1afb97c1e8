/**
 * What the server shows: the whole view that one visitor, agent or guest is entitled to. Times are
 * milliseconds since 1970 by the database's clock. A snapshot's `now` is that clock at the moment of reading,
 * so that a client counts down without trusting its own clock.
 */
import { Type } from '@sinclair/typebox';
import { AgentView } from './agent-view.ts';
import { RoomView } from './room-view.ts';
import { closed, type Shape } from './schema.ts';
import { VisitorView } from './visitor-view.ts';

export type {
  SiteView,
  SkillGroupName,
  WaitEstimate,
  CallEnd,
  ParamWords,
  VisitorCard,
} from './call-view.ts';
export type { EndReason } from './end-reasons.ts';
export type { OfferReason } from './offer-reason.ts';
export type {
  FirstSignal,
  IceServer,
  MediaProvider,
  MediaTicket,
  ChatTicket,
  ParticipantRole,
  Permissions,
  Ticket,
  Participant,
  RoomKind,
  RoomView,
} from './room-view.ts';
export type {
  ChallengeProvider,
  ChallengeView,
  VisitorCallView,
  VisitorSiteView,
  VisitorView,
} from './visitor-view.ts';
export type {
  AgentStatus,
  ChosenStatus,
  AgentRole,
  LegKind,
  LegCallView,
  LegView,
  WrapUpView,
  GroupQueueView,
  WaitingCallView,
  PastCallView,
  TodayView,
  AgentView,
} from './agent-view.ts';
export type {
  CallRecordingView,
  RecorderFailure,
  RecordingSettings,
  RecordingState,
  VisitorRecordingView,
} from './recording.ts';
export type { PastCall, ReadCall } from './past-call.ts';
export type { ChatImage, ChatMessage, ReadMark } from './chat.ts';

/** Somebody in a room that belongs to no call: a hearing, a meeting, the demo's room. */
export const GuestView = closed({ role: Type.Literal('guest'), room: RoomView });
export type GuestView = Shape<typeof GuestView>;

export const View = Type.Union([VisitorView, AgentView, GuestView]);
export type View = Shape<typeof View>;
