/** Why an offer went to its agent. It holds codes and numbers; texts are made where they are read. */
import { Type, type Static } from '@sinclair/typebox';

/** The longest list of agents who were passed over. */
export const MAX_PASSED_OVER = 20;

const OfferReasonCode = Type.Union([
  /** The agent served this visitor last, and the group's rules prefer that agent. */
  Type.Literal('last-agent'),
  /** No agent of an earlier ring could take the call, so its pool was widened. */
  Type.Literal('ring'),
  /** The agent refused this call before. Every other agent who could take it did so too, and later. */
  Type.Literal('after-refusals'),
  /** No other agent could take the call. */
  Type.Literal('only-one-free'),
  /** The agent has the best level of those who could take the call. */
  Type.Literal('best-level'),
  /** The agent has been idle the longest among those of the best level. */
  Type.Literal('longest-idle'),
]);

const PassedOverCode = Type.Union([
  /** The agent declined this call before. */
  Type.Literal('declined'),
  /** The agent let an offer of this call run out. */
  Type.Literal('missed'),
  /** An offer of this call was taken back: the agent was gone, or no longer available. */
  Type.Literal('withdrawn'),
  /** The agent has another call, or was offered another one in the same moment. */
  Type.Literal('busy'),
]);

/** An agent who would have come before the chosen one, and what stood against it. */
const PassedOver = Type.Object(
  { agentId: Type.String(), code: PassedOverCode },
  { additionalProperties: false },
);

export const OfferReason = Type.Object(
  {
    code: OfferReasonCode,
    params: Type.Object(
      {
        /** The group through which the agent may take the call: the call's own, or one that a ring added. */
        group: Type.String(),
        /** The first ring in which the agent may take the call; 0 is the call's first pool. */
        ring: Type.Integer({ minimum: 0 }),
        /** Free agents among whom level and idle time decided, the chosen one included. */
        candidates: Type.Integer({ minimum: 1 }),
        idleSeconds: Type.Integer({ minimum: 0 }),
        /** The agent's level in `group`; 1 is the best. */
        level: Type.Integer({ minimum: 1, maximum: 5 }),
        /** In the order in which they would have come; at most 20. */
        passedOver: Type.Array(PassedOver, { maxItems: MAX_PASSED_OVER }),
      },
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false },
);
export type OfferReason = Static<typeof OfferReason>;
