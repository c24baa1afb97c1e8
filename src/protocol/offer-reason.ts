/** Why a call was offered to this agent: a code with its parameters. Texts are made where they are read. */
import { Type } from '@sinclair/typebox';
import { closed, Nullable, OneOf, type Shape } from './schema.ts';

/** The longest list of agents who were passed over. */
export const MAX_PASSED_OVER = 20;

/** An agent who would have come before the chosen one, and what stood against it. */
const PassedOver = closed({
  agentId: Type.String(),
  code: OneOf(
    /** The agent declined this call before. */
    'declined',
    /** The agent let an offer of this call run out. */
    'missed',
    /** An offer or an accepted call was taken back: the agent was gone, or no longer available. */
    'withdrawn',
    /** The agent has another call, or was offered another one in the same moment. */
    'busy',
  ),
});

/** The agent was chosen by the routing rules. */
const RoutingReason = closed({
  code: OneOf(
    /** The agent served this visitor last, and the rules of the group prefer that agent. */
    'last-agent',
    /** The call has waited so long that its pool was widened. */
    'ring',
    /** Everybody who could take the call has refused it before; this agent's refusal is the oldest. */
    'after-refusals',
    /** Nobody else could take the call. */
    'only-one-free',
    /** The agent has the best level of those who could take the call. */
    'best-level',
    /** The agent has been idle the longest of those with the best level. */
    'longest-idle',
  ),
  params: closed({
    /** The name of the group through which the agent may take the call: the call's own, or one that a ring added. */
    group: Type.String(),
    /** Which version of the routing rules of the call's own group chose. */
    rulesVersion: Type.Integer({ minimum: 1 }),
    /** Seconds since the agent became free. */
    idleSeconds: Type.Integer({ minimum: 0 }),
    /** The agent's level in the group; 1 is the best. */
    level: Type.Integer({ minimum: 1, maximum: 5 }),
    /** The first ring that admits the agent; 0 is the pool that the call begins with. */
    ring: Type.Integer({ minimum: 0 }),
    /** Free agents among whom level and idle time decided, the chosen one included. */
    candidates: Type.Integer({ minimum: 1 }),
    /** In the order in which they would have come. */
    passedOver: Type.Array(PassedOver, { maxItems: MAX_PASSED_OVER }),
  }),
});
export type RoutingReason = Shape<typeof RoutingReason>;

/** Another agent of the call asked for this one. */
const TransferReason = closed({
  code: Type.Literal('transfer'),
  params: closed({
    /** The name of the group that was asked for; null if it was an agent. */
    group: Nullable(Type.String()),
    /** Seconds since the agent became free. */
    idleSeconds: Nullable(Type.Integer({ minimum: 0 })),
  }),
});

export const OfferReason = Type.Union([RoutingReason, TransferReason]);
export type OfferReason = Shape<typeof OfferReason>;
