import { Type } from '@sinclair/typebox';
import { FlowStepView } from '../flow-step-view.ts';
import { Flow, FlowAnswer, StepId } from '../flow.ts';
import { closed, described, Nullable, OneOf, Params, type Shape, Slug } from '../schema.ts';
import { PageQuery, SearchText, sortBy } from './paging.ts';

const FlowName = Type.String({ minLength: 1, maxLength: 80 });
const Document = Type.Unsafe<Flow>(Flow);

export const FlowSummary = closed({
  id: Slug,
  name: FlowName,
  /** Of the draft and what is published. It is the ETag. */
  revision: Type.Integer(),
  publishedVersion: Nullable(Type.Integer()),
  publishedAt: Nullable(Type.Number({ description: 'Ms since 1970.' })),
  publishedBy: Nullable(Type.String()),
  draftChanged: Type.Boolean({
    description:
      'Whether the draft differs from the published version. Where steps are drawn does not count.',
  }),
  /** Whether new calls that name neither a flow nor a skill begin with it. */
  isDefault: Type.Boolean(),
  changedAt: Type.Number({ description: 'Ms since 1970.' }),
});
export type FlowSummary = Shape<typeof FlowSummary>;

export const FlowQuery = Type.Object({
  ...PageQuery,
  q: SearchText,
  sort: sortBy('name', 'changedAt'),
});
export const FlowPage = closed({
  flows: Type.Array(FlowSummary),
  cursor: Nullable(Type.String({ description: 'For the next page; null on the last page.' })),
});

/** What an owner writes, exports and imports. */
export const FlowDraft = closed({ name: FlowName, document: Document });
export type FlowDraft = { readonly name: string; readonly document: Flow };

export const FlowRecord = closed({
  ...FlowSummary.properties,
  document: Type.Unsafe<Flow>(Type.Unknown({ description: 'The draft, as it was written.' })),
});
export type FlowRecord = FlowSummary & { readonly document: Flow };

export const FlowVersionSummary = closed({
  version: Type.Integer(),
  author: Type.String({ description: 'Who published it.' }),
  publishedAt: Type.Number({ description: 'Ms since 1970.' }),
});
export type FlowVersionSummary = Shape<typeof FlowVersionSummary>;

/** Another document than the draft, which need not be saved. */
export const FlowToCheck = Type.Union([closed({ document: Document }), Type.Null()]);

export type FaultCode =
  /** The start is missing, or is no step of the type `start`. */
  | 'no-start'
  /** A second step of the type `start`. */
  | 'second-start'
  /** `most` */
  | 'too-many-steps'
  /** An exit leads nowhere. `exit` */
  | 'exit-unwired'
  /** An exit leads to a step that is not there. `exit`, `to` */
  | 'unknown-step'
  /** A wired exit that the step does not have. `exit` */
  | 'unknown-exit'
  /** Two options, cases or fields with one id. `id` */
  | 'duplicate-id'
  /** No path from the start leads here. */
  | 'unreachable'
  /** No path from here leads to a queue, a callback or an end. */
  | 'no-way-out'
  /** This step is on a circle in which no step waits for the visitor. */
  | 'silent-circle'
  /** More than `most` steps in a row without one that waits for the visitor. */
  | 'too-many-silent-steps'
  /** `group` */
  | 'unknown-group'
  /** `hours` */
  | 'unknown-hours'
  /** The address's host is not on the site's list. `host` */
  | 'host-not-allowed'
  /** A `set` step needs either a param with a value or a priority. */
  | 'set-incomplete'
  /** A field of the type `choice` needs options. `field` */
  | 'choice-without-options'
  /** A case with a test of a param's text needs a value. `case` */
  | 'case-without-value';

/** Why a flow cannot be published: a code with its parameters. The console makes the text. */
export interface FlowFault {
  readonly code: FaultCode;
  /** The step with the fault; null if it is the flow's own. */
  readonly node: string | null;
  readonly params: Readonly<Record<string, string | number>>;
}

/** Answers of one trial. */
const MAX_TRIAL_INPUTS = 100;
/** The last moment of the year 9999. */
const MAX_TIME_MS = Date.UTC(10_000, 0, 1) - 1;

const TrialInput = Type.Union([
  /** The visitor's answer to the step; null goes back. */
  closed({ kind: Type.Literal('answer'), value: FlowAnswer }),
  /** What becomes of a request or of the queue. Nothing is sent, and nobody waits. */
  closed({
    kind: Type.Literal('exit'),
    exit: described(
      StepId,
      'Of a request `ok`, `error`, `timeout`; of a queue `full`, `nobody`, `timeout`.',
    ),
    answer: Type.Optional(
      Type.Unknown({
        description: 'Of a request with the exit `ok`: the JSON that the service answers.',
      }),
    ),
  }),
]);
export type TrialInput = Shape<typeof TrialInput>;

/** A visitor who is tried on a flow, and what they answered so far. */
export const FlowTrial = closed({
  document: Type.Optional(described(Document, 'Default: the draft.')),
  at: Type.Optional(
    Type.Integer({ minimum: 0, maximum: MAX_TIME_MS, description: 'Ms since 1970. Default: now.' }),
  ),
  language: Type.Optional(Type.String({ maxLength: 35, description: 'Default: en.' })),
  page: Type.Optional(Type.String({ maxLength: 2_000, description: 'The address of the page.' })),
  params: Type.Optional(Params),
  verified: Type.Optional(Type.Boolean({ description: 'With a signed identity.' })),
  lastAgent: Type.Optional(
    Type.Boolean({ description: 'The agent of the last call is available.' }),
  ),
  waits: Type.Optional(
    Type.Record(Slug, Type.Integer({ minimum: 0, maximum: 86_400 }), {
      maxProperties: 100,
      additionalProperties: false,
      description: 'Seconds of waiting, by group.',
    }),
  ),
  inputs: Type.Optional(Type.Array(TrialInput, { maxItems: MAX_TRIAL_INPUTS })),
});
export type FlowTrial = Omit<Shape<typeof FlowTrial>, 'document'> & { readonly document?: Flow };

const node = Nullable(Type.String({ description: 'The step at which the flow stands.' }));

/** Where the flow stands after the answers. */
export const FlowTrialResult = closed({
  at: Type.Union([
    closed({ kind: Type.Literal('step'), node, step: FlowStepView }),
    closed({
      kind: Type.Literal('request'),
      node,
      url: Type.String(),
      params: described(Params, 'What the request would send.'),
    }),
    closed({
      kind: Type.Literal('queue'),
      node,
      group: Type.String(),
      priority: Nullable(Type.Integer()),
      timeoutSeconds: Type.Integer(),
      open: Type.Boolean({ description: 'Whether the group is there and open at that time.' }),
    }),
    closed({
      kind: Type.Literal('end'),
      node,
      reason: OneOf('flow-ended', 'message-left', 'callback-requested'),
    }),
  ]),
  params: described(Params, 'What the agent would see.'),
  priority: Nullable(Type.Integer()),
  left: Type.Array(
    closed({
      kind: OneOf('leave-message', 'callback'),
      group: Nullable(Type.String({ description: 'Null: the site’s first group.' })),
    }),
    { description: 'What the visitor would have left.' },
  ),
});
export type FlowTrialResult = Shape<typeof FlowTrialResult>;
