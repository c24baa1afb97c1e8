/**
 * The flow document: what happens between the press of the button and the queue. A flow is a graph of steps. Each step
 * has a type and exits; `next` says to which step each exit leads. A draft may be unfinished: the schema fixes the
 * form, and the publishing rules (server/flows/check-flow.ts) fix the rest.
 */
import { Type, type TProperties } from '@sinclair/typebox';
import { MAX_DRAFT_STEPS, MAX_FLOW_EXITS } from './flow-limits.ts';
import { closed, OneOf, Slug, type Shape } from './schema.ts';

/** Characters of an answer to a form's field. */
export const MAX_ANSWER_LENGTH = 1_000;
/** Characters of a message that is left. */
export const MAX_MESSAGE_LENGTH = 2_000;
/** Characters of an e-mail address or a phone number. */
export const MAX_CONTACT_LENGTH = 120;

/** No underscore, so that no id reaches into a prototype by `__proto__`. */
const STEP_ID = '^[A-Za-z0-9][A-Za-z0-9-]{0,39}$';
export const StepId = Type.String({ pattern: STEP_ID });
const Exits = Type.Record(StepId, StepId, {
  maxProperties: MAX_FLOW_EXITS + 1,
  additionalProperties: false,
});
/** No name that a call's params refuse (server/calls/call-params.ts). */
const ParamName = Type.String({
  pattern: '^(?!constructor$|prototype$)[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$',
});

/** One text in some languages, by language tag. */
const Texts = (maxLength: number) =>
  Type.Record(
    Type.String({ pattern: '^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$' }),
    Type.String({ minLength: 1, maxLength }),
    { minProperties: 1, maxProperties: 20, additionalProperties: false },
  );
const Title = Texts(120);
const LongText = Texts(2_000);
const HttpsUrl = Type.String({ pattern: '^https://[^\\s]+$', maxLength: 1_000 });

const step = <T extends string, P extends TProperties>(type: T, properties: P) =>
  closed({ type: Type.Literal(type), next: Type.Optional(Exits), ...properties });

const Option = closed({ id: StepId, label: Title });
const Link = closed({ label: Title, url: HttpsUrl });

const FormField = closed({
  /** The param that holds the answer. */
  id: ParamName,
  label: Title,
  type: OneOf('text', 'long-text', 'email', 'phone', 'number', 'date', 'choice'),
  required: Type.Optional(Type.Boolean()),
  /** Of a `choice`. */
  options: Type.Optional(Type.Array(Option, { minItems: 1, maxItems: 50 })),
});
export type FormField = Shape<typeof FormField>;

const TEXT_TESTS = ['equals', 'contains', 'starts-with'] as const;
const Case = Type.Union([
  closed({
    id: StepId,
    fact: Type.Literal('param'),
    name: ParamName,
    /** `present` needs no value. */
    test: OneOf(...TEXT_TESTS, 'present'),
    value: Type.Optional(Type.String({ maxLength: 256 })),
  }),
  closed({
    id: StepId,
    fact: OneOf('language', 'page'),
    test: OneOf(...TEXT_TESTS),
    value: Type.String({ maxLength: 512 }),
  }),
  /** True if the visitor has a signed identity; if the agent of the visitor's last call is available. */
  closed({ id: StepId, fact: OneOf('verified', 'last-agent') }),
  closed({
    id: StepId,
    fact: Type.Literal('wait'),
    group: Slug,
    test: OneOf('above', 'below'),
    seconds: Type.Integer({ minimum: 1, maximum: 86_400 }),
  }),
]);
export type FlowCase = Shape<typeof Case>;

export const stepSchemas = {
  start: step('start', {}),
  menu: step('menu', {
    title: Title,
    text: Type.Optional(LongText),
    options: Type.Array(Option, { minItems: 1, maxItems: MAX_FLOW_EXITS }),
  }),
  hours: step('hours', { hours: Slug }),
  condition: step('condition', {
    /** The first that holds decides. */
    cases: Type.Array(Case, { minItems: 1, maxItems: MAX_FLOW_EXITS }),
  }),
  /** Sets one param to a value, or the priority of the call. */
  set: step('set', {
    param: Type.Optional(ParamName),
    value: Type.Optional(Type.String({ maxLength: 256 })),
    priority: Type.Optional(Type.Integer({ minimum: 1, maximum: 9 })),
  }),
  message: step('message', {
    title: Type.Optional(Title),
    text: LongText,
    links: Type.Optional(Type.Array(Link, { maxItems: 5 })),
  }),
  form: step('form', {
    title: Title,
    text: Type.Optional(LongText),
    fields: Type.Array(FormField, { minItems: 1, maxItems: 12 }),
    /** Whether the visitor may skip it. */
    optional: Type.Optional(Type.Boolean()),
  }),
  request: step('request', {
    /** Its host is on the site's list. */
    url: HttpsUrl,
    /** The params to send. Default: all. */
    send: Type.Optional(Type.Array(ParamName, { maxItems: 32 })),
    /** Which part of the JSON answer becomes which param: `{"plan": "contract.plan"}`. */
    answer: Type.Optional(
      Type.Record(ParamName, Type.String({ minLength: 1, maxLength: 200 }), {
        maxProperties: 16,
        additionalProperties: false,
      }),
    ),
  }),
  queue: step('queue', {
    group: Slug,
    priority: Type.Optional(Type.Integer({ minimum: 1, maximum: 9 })),
    /** Whether a call waits also while no agent is available. The exit `nobody` is then for a closed group only. */
    waitForAgents: Type.Optional(Type.Boolean()),
    /** Until the exit `timeout`. Default: QUEUE_SECONDS. */
    timeoutSeconds: Type.Optional(Type.Integer({ minimum: 10, maximum: 86_400 })),
    /** When calls that come this way are recorded. Default: as the group records, or else the site. */
    recording: Type.Optional(OneOf('off', 'on-demand', 'always')),
  }),
  callback: step('callback', {
    /** Default: the group of the last queue step, else the site's first. */
    group: Type.Optional(Slug),
    title: Type.Optional(Title),
    text: Type.Optional(LongText),
  }),
  'leave-message': step('leave-message', {
    /** As for `callback`. */
    group: Type.Optional(Slug),
    title: Type.Optional(Title),
    text: Type.Optional(LongText),
  }),
  end: step('end', {}),
} as const;

/** A visitor's answer to a step: null goes back. */
export const FlowAnswer = Type.Union([
  Type.String({ maxLength: 64 }),
  Type.Record(
    Type.String({ pattern: '^[^]{1,64}$' }),
    Type.String({ maxLength: MAX_MESSAGE_LENGTH }),
    {
      maxProperties: 12,
      additionalProperties: false,
    },
  ),
  Type.Null(),
]);
export type FlowAnswer = Shape<typeof FlowAnswer>;

export type StepType = keyof typeof stepSchemas;
export type StepOf<T extends StepType> = Shape<(typeof stepSchemas)[T]>;
export type FlowStep = { [T in StepType]: StepOf<T> }[StepType];
export type FlowTexts = Shape<ReturnType<typeof Texts>>;

export const Flow = closed({
  schema: Type.Literal(1),
  start: StepId,
  nodes: Type.Record(StepId, Type.Union(Object.values(stepSchemas)), {
    maxProperties: MAX_DRAFT_STEPS,
    additionalProperties: false,
  }),
  /** Where the editor draws each step. */
  layout: Type.Optional(
    Type.Record(StepId, Type.Tuple([Type.Number(), Type.Number()]), {
      maxProperties: MAX_DRAFT_STEPS,
      additionalProperties: false,
    }),
  ),
});
export interface Flow {
  readonly schema: 1;
  readonly start: string;
  readonly nodes: Readonly<Record<string, FlowStep>>;
  readonly layout?: Readonly<Record<string, readonly number[]>>;
}
