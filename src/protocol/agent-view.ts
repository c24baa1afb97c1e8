import { Type } from '@sinclair/typebox';
import { CallEnd, ParamWords, SiteView, SkillGroupName, VisitorCard } from './call-view.ts';
import { DEVICE_CHECKS } from './device-report.ts';
import { END_REASONS } from './end-reasons.ts';
import { OfferReason } from './offer-reason.ts';
import { CallRecordingView } from './recording.ts';
import { IceServer, RoomView } from './room-view.ts';
import { Texts } from './rest/fields.ts';
import { closed, Nullable, OneOf, Slug, Time, Uuid, type Shape } from './schema.ts';

/** `ringing`, `busy` and `wrap-up` follow from the agent's legs; the others were chosen or set. */
export const AgentStatus = OneOf(
  'offline',
  'available',
  'ringing',
  'busy',
  'wrap-up',
  'break',
  'away',
);
export type AgentStatus = Shape<typeof AgentStatus>;

/** What an agent can choose. */
export const ChosenStatus = OneOf('available', 'break', 'offline');
export type ChosenStatus = Shape<typeof ChosenStatus>;

export const AgentRole = OneOf('agent', 'supervisor', 'admin', 'owner');
export type AgentRole = Shape<typeof AgentRole>;

export const LegKind = OneOf('first', 'transfer', 'consult', 'conference', 'monitor');
export type LegKind = Shape<typeof LegKind>;

/** The call of a leg, as its agent sees it. */
export const LegCallView = closed({
  id: Uuid,
  state: OneOf('queued', 'offered', 'accepted', 'ready', 'connected', 'ended'),
  visitor: VisitorCard,
  skill: SkillGroupName,
  requestedAt: Time,
  connectedAt: Nullable(Time),
  /** Whether the visitor's socket lives. */
  visitorOnline: Type.Boolean(),
  /** While `ready`: the visitor's page is hidden, and calls the visitor back to it. */
  visitorHidden: Type.Boolean(),
  /** While `connected`: the visitor has left, and can come back until then. */
  visitorLeftUntil: Type.Optional(Time),
  /** Where the server calls the visitor back: the visitor is asked in once the agent is in the room. */
  callback: Type.Optional(
    closed({
      /** As the visitor wrote it. */
      contact: Type.String(),
      text: Type.String(),
      /** 1 to 3. */
      attempt: Type.Integer(),
    }),
  ),
  /** The visitor has sent the report of a device test: the checks that did not pass. */
  deviceReport: Type.Optional(
    closed({
      /** When the test ended, by the clock of the visitor's device. */
      at: Time,
      faults: Type.Array(
        closed({
          id: OneOf(...DEVICE_CHECKS),
          status: OneOf('warning', 'failed'),
          code: Nullable(Type.String()),
        }),
      ),
    }),
  ),
  /** Left out if nothing was recorded or asked. */
  recording: Type.Optional(CallRecordingView),
  /** While `connected`, for the owner of the call, if the call may be recorded: `start-recording` begins. */
  mayRecord: Type.Optional(Type.Literal(true)),
  ended: Nullable(CallEnd),
});
export type LegCallView = Shape<typeof LegCallView>;

/** What an agent writes down about a call. */
export const WrapUpView = closed({
  /** The latest end: `extend-wrap-up` goes no further. */
  maxUntil: Time,
  /** Whether `finish-wrap-up` needs a disposition. */
  dispositionRequired: Type.Boolean(),
  /** A code of the site's tree. */
  disposition: Nullable(Slug),
  /** The agent's own note; '' for none. */
  note: Type.String(),
  tags: Type.Array(Type.String()),
});
export type WrapUpView = Shape<typeof WrapUpView>;

/** One part of this agent in a call. A leg in the state `offered` is an offer; one in `left` is in wrap-up. */
export const LegView = closed({
  id: Uuid,
  kind: LegKind,
  state: OneOf('offered', 'accepted', 'joined', 'left'),
  /** Whether this agent answers for the call now. */
  owner: Type.Boolean(),
  call: LegCallView,
  /** Why the call was offered to this agent. */
  reason: OfferReason,
  offeredAt: Time,
  /** While offered: until when it can be accepted. While accepted: until when the room is to be entered. */
  deadline: Nullable(Time),
  acceptedAt: Nullable(Time),
  /** While in wrap-up: when it ends. */
  wrapUpUntil: Nullable(Time),
  /** While in wrap-up: what the agent has written down. */
  wrapUp: Nullable(WrapUpView),
  /** While offered as a call's first leg, if the built-in media are used: to prepare an `accept-offer` with a signal. */
  iceServers: Type.Optional(Type.Array(IceServer)),
  /**
   * While offered as a call's first leg, if TRTC is used: the room that the accept opens. Only the active tab has a
   * ticket. In wrap-up they can be read, not entered.
   */
  rooms: Type.Array(RoomView),
});
export type LegView = Shape<typeof LegView>;

export const WaitingCallView = closed({
  id: Uuid,
  visitor: closed({
    name: Type.String(),
    verified: Type.Boolean(),
    /** The first three params of the first twenty calls, with values of at most 60 characters. Others: empty. */
    params: Type.Record(Type.String(), Type.String()),
    /** Missing: the site has no words for them. */
    paramWords: Type.Optional(ParamWords),
  }),
  skill: SkillGroupName,
  requestedAt: Time,
  state: OneOf('queued', 'offered'),
  /** In its own group; 1 is next. */
  position: Type.Integer(),
});
export type WaitingCallView = Shape<typeof WaitingCallView>;

/** One leg of today that is over. */
export const PastCallView = closed({
  /** The call's. */
  id: Uuid,
  visitorName: Type.String(),
  skill: SkillGroupName,
  /** When it was offered. */
  at: Time,
  outcome: OneOf('talked', 'missed', 'declined', 'withdrawn'),
  /** How the call ended; null if it has not ended. */
  reason: Nullable(OneOf(...END_REASONS)),
  /** The agent's talk time. */
  seconds: Type.Number(),
  /** The label of the disposition that this agent chose. */
  disposition: Nullable(Texts(80)),
});
export type PastCallView = Shape<typeof PastCallView>;

/** How many wait in one of the agent's groups. */
export const GroupQueueView = closed({
  skill: SkillGroupName,
  waiting: Type.Integer(),
  /** When the call that waits longest was requested; null if none waits. */
  oldest: Nullable(Time),
});
export type GroupQueueView = Shape<typeof GroupQueueView>;

/** Since midnight in the site's time zone. */
export const TodayView = closed({
  talked: Type.Integer(),
  missed: Type.Integer(),
  declined: Type.Integer(),
  /** The whole talk time in seconds. */
  talkSeconds: Type.Number(),
  /** Mean time in seconds from the accept to the end of the wrap-up, of the calls that were talked. */
  handlingSeconds: Type.Number(),
  /** The newest first, at most 50. */
  calls: Type.Array(PastCallView),
});
export type TodayView = Shape<typeof TodayView>;

export const AgentView = closed({
  role: Type.Literal('agent'),
  agent: closed({
    id: Uuid,
    username: Type.String(),
    name: Type.String(),
    role: AgentRole,
    site: SiteView,
    groups: Type.Array(SkillGroupName),
  }),
  status: AgentStatus,
  statusSince: Time,
  /** The agent's own words for a break, or null. */
  statusReason: Nullable(Type.String()),
  /** What holds once nothing rings, runs or is wrapped up. It may be chosen during a call. */
  chosen: OneOf('offline', 'available', 'break', 'away'),
  /** Offers in a row that were missed; two make the agent `away`. */
  missedInRow: Type.Integer(),
  /** Whether this tab is the one that rings and holds the call. */
  activeTab: Type.Boolean(),
  /** Open tabs of this agent, this one among them. */
  tabs: Type.Integer(),
  /** The agent's legs that are not closed, in the order of their offers. */
  legs: Type.Array(LegView),
  /** The first hundred calls that wait in the agent's groups, in the order in which they are served. */
  waiting: Type.Array(WaitingCallView),
  /** One for each of the agent's groups, in their order. */
  queues: Type.Array(GroupQueueView),
  today: TodayView,
});
export type AgentView = Shape<typeof AgentView>;
