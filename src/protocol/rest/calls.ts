import { Type } from '@sinclair/typebox';
import { LegKind } from '../agent-view.ts';
import { SkillGroupName, VisitorCard } from '../call-view.ts';
import { ChatMessage } from '../chat.ts';
import { END_REASONS } from '../end-reasons.ts';
import { OfferReason } from '../offer-reason.ts';
import {
  closed,
  ConsentVersion,
  described,
  Nullable,
  OneOf,
  type Shape,
  Slug,
  Uuid,
} from '../schema.ts';
import { CaptionLine } from './captions.ts';
import { DeviceReportBody } from './device-test.ts';
import { TextLanguage, Texts } from './fields.ts';
import { ConsentSettings } from './site-settings.ts';
import { PageQuery, SearchText, sortBy } from './paging.ts';

const Time = Type.Number({ description: 'Ms since 1970.' });
const AgentName = closed({ id: Uuid, username: Type.String(), name: Type.String() });
const CALL_STATES = [
  'choosing',
  'queued',
  'offered',
  'accepted',
  'ready',
  'connected',
  'ended',
] as const;

/** What the visitor said about a call. */
const Rating = closed({
  kind: OneOf('stars', 'yes-no'),
  value: Type.Integer({ description: '1 to 5. A yes is 5, a no is 1.' }),
  reasons: Type.Array(closed({ id: Slug, label: Texts(60) }), {
    description: 'With the labels that they had when the visitor chose them.',
  }),
  text: Type.String(),
  at: Time,
});
export type Rating = Shape<typeof Rating>;

/** What the visitor decided before camera and microphone were asked for. */
const Consent = closed({
  agreed: Type.Boolean(),
  at: described(Time, 'When. Before the call, where the visitor agreed in an earlier one.'),
  remembered: Type.Boolean({
    description: 'The visitor agreed in an earlier call, and was not asked again.',
  }),
  version: ConsentVersion,
});
export type Consent = Shape<typeof Consent>;

/** A call as a list shows it. */
export const CallSummary = closed({
  id: Uuid,
  state: OneOf(...CALL_STATES),
  skill: Type.Union([SkillGroupName, Type.Null()], {
    description: 'Null for a call that has reached no queue.',
  }),
  visitor: VisitorCard,
  agent: Type.Union([AgentName, Type.Null()], {
    description: 'Who answers for the call, or answered for it last.',
  }),
  requestedAt: Time,
  acceptedAt: Nullable(Time),
  readyAt: Nullable(Time),
  connectedAt: Nullable(Time),
  endedAt: Nullable(Time),
  reason: Nullable(OneOf(...END_REASONS)),
  seconds: Type.Number({ description: 'Talk time.' }),
  disposition: Type.Union([closed({ code: Slug, label: Texts(80) }), Type.Null()], {
    description: 'The outcome that the last agent chose.',
  }),
  tags: Type.Array(Type.String()),
  rating: described(Nullable(Rating), 'Null: the visitor has said nothing.'),
  consent: described(Nullable(Consent), 'Null: the site asked for nothing.'),
});
export type CallSummary = Shape<typeof CallSummary>;

const LegRecord = closed({
  id: Uuid,
  kind: LegKind,
  state: OneOf(
    'offered',
    'accepted',
    'joined',
    'left',
    'closed',
    'declined',
    'missed',
    'withdrawn',
  ),
  agent: Type.String({ description: 'A username.' }),
  group: Type.String({
    description: 'The id of the skill group through which the agent was chosen.',
  }),
  reason: OfferReason,
  endReason: Type.Union([Type.String(), Type.Null()], { description: 'Why the leg ended.' }),
  offeredAt: Time,
  acceptedAt: Nullable(Time),
  joinedAt: Nullable(Time),
  leftAt: Nullable(Time),
  closedAt: Nullable(Time),
});

const CallEvent = closed({
  sequence: Type.Integer(),
  type: Type.String({ description: 'For example created, offered, accepted, connected, ended.' }),
  at: Time,
  actor: OneOf('visitor', 'agent', 'guest', 'system'),
  leg: Nullable(Uuid),
  agent: Type.Union([Type.String(), Type.Null()], { description: 'A username.' }),
  data: Type.Record(Type.String(), Type.Unknown()),
});

const FlowText = Nullable(
  Type.Record(Type.String(), Type.String(), { description: 'By language.' }),
);

/** What the visitor chose in a flow. */
const FlowChoices = closed({
  id: Slug,
  version: Type.Integer(),
  answers: Type.Array(
    closed({
      sequence: Type.Integer({ description: 'Of the event `flow-answered`.' }),
      type: Type.String({ description: 'The type of the step.' }),
      step: described(FlowText, 'The title of the step.'),
      answer: described(FlowText, 'The option of a menu.'),
    }),
  ),
});

const StepMs = (description: string) => described(Nullable(Type.Integer()), description);

/** From the press of the button to the first picture, in ms. Null: not known. */
export const CallSteps = closed({
  total: StepMs(
    'From the press to the visitor’s first picture, by the clock of the visitor’s browser.',
  ),
  press: StepMs('From the press to the request at the server: loading, connecting.'),
  queue: StepMs('In the queue, until it rang at the agent who took the call.'),
  ring: StepMs('Until the agent accepted.'),
  accept: StepMs('Until the agent was in the room.'),
  enter: StepMs('Until the visitor was in the room.'),
  visitorFrame: StepMs('Until the visitor saw the agent’s first picture.'),
  agentFrame: StepMs('From `enter` until the agent saw the visitor’s first picture.'),
});
export type CallSteps = Shape<typeof CallSteps>;

/** A call with everything that happened in it. */
export const CallRecord = closed({
  ...CallSummary.properties,
  legs: Type.Array(LegRecord, {
    description: 'In the order of their offers. `reason` says why the call came to this agent.',
  }),
  events: Type.Array(CallEvent, { description: 'In their order.' }),
  flow: Type.Union([FlowChoices, Type.Null()], { description: 'Null for a call without a flow.' }),
  consentText: described(
    Nullable(ConsentSettings),
    'The text to which the visitor agreed or not, as it was at that time.',
  ),
  deviceReport: described(
    Nullable(closed({ sentAt: Time, report: DeviceReportBody })),
    'The device test that the visitor sent with the call, and when. `report.at` is by the clock of the visitor’s device.',
  ),
  steps: described(Nullable(CallSteps), 'Null where neither side saw a picture.'),
  legalHold: Type.Union(
    [closed({ reason: Type.String(), by: Type.String(), at: Time }), Type.Null()],
    {
      description: 'While it is set nothing of the call is deleted.',
    },
  ),
  notes: Type.Array(
    closed({
      agent: Type.String({ description: 'The username of the author.' }),
      versions: Type.Array(
        closed({ version: Type.Integer(), text: Type.String(), savedAt: Time }),
        {
          description: 'Oldest first; the last one is the note. An empty text: it was taken away.',
        },
      ),
    }),
    { description: 'What agents wrote for their team.' },
  ),
  agents: Type.Array(AgentName, {
    description: 'Everybody whom the legs, the reasons of their offers and the notes name.',
  }),
});
export type CallRecord = Shape<typeof CallRecord>;

const MAX_DATE_MS = 8.64e15;
const Moment = (description: string) =>
  Type.Optional(Type.Integer({ minimum: 0, maximum: MAX_DATE_MS, description }));
const Seconds = (description: string) =>
  Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000_000, description }));

/** Which calls a list or an export holds. */
export const CallFilter = {
  from: Moment('Requested at this time or later, in ms since 1970.'),
  to: Moment('Requested before this time, in ms since 1970.'),
  group: Type.Optional(Slug),
  agent: Type.Optional(described(Uuid, 'An agent who accepted the call.')),
  state: Type.Optional(OneOf('live', ...CALL_STATES)),
  reason: Type.Optional(OneOf(...END_REASONS)),
  disposition: Type.Optional(
    described(Slug, 'An outcome, or a branch with all outcomes below it.'),
  ),
  visitor: Type.Optional(
    described(SearchText, 'A part of the visitor’s name, or the site’s own id of the visitor.'),
  ),
  rating: Type.Optional(
    described(
      OneOf('any', 'none', '1', '2', '3', '4', '5'),
      'The value of the rating; `any` for every rated call, `none` for those without a rating.',
    ),
  ),
  minSeconds: Seconds('The shortest talk time.'),
  maxSeconds: Seconds('The longest talk time.'),
};

export const CallQuery = Type.Object({
  ...PageQuery,
  ...CallFilter,
  sort: sortBy('requestedAt', 'seconds'),
});
export const CallPage = closed({
  calls: Type.Array(CallSummary),
  cursor: Nullable(Type.String({ description: 'For the next page; null on the last page.' })),
});
export type CallPage = Shape<typeof CallPage>;

export const CallExportQuery = Type.Object({
  ...CallFilter,
  format: OneOf('csv', 'json'),
  language: Type.Optional(
    described(TextLanguage, 'Of the column `paramTexts` of the CSV file. Default: en.'),
  ),
});
export type CallExportQuery = Shape<typeof CallExportQuery>;

/** The conversation of a call, whole. */
export const Transcript = closed({
  call: CallSummary,
  messages: Type.Array(ChatMessage, { description: 'In their order.' }),
  captions: Type.Array(CaptionLine, {
    description: 'What was said, where the site keeps captions, in its order.',
  }),
});
export type Transcript = Shape<typeof Transcript>;
