/** How the calls of a skill group are routed. Each part may be left out, and then nothing of it happens. */
import { Type } from '@sinclair/typebox';
import { closed, Slug, type Shape } from '../schema.ts';

const seconds = (minimum: number) => Type.Integer({ minimum, maximum: 86_400 });

/** A call's priority grows by one for each `everySeconds` of waiting, and stops at `upTo`. */
const PriorityGrowth = closed({
  everySeconds: seconds(1),
  /** Priorities go from 1 to 9. 9 is served first; a call that names none has 5. */
  upTo: Type.Integer({ minimum: 1, maximum: 9 }),
});

/**
 * The visitor's last agent, while free, comes before every other agent. While that agent is online but
 * busy and belongs to ring 0, a call that has waited less than `seconds` is offered to nobody else; with
 * 0 no call waits. The preference of a call ends when that agent refuses it.
 */
const PreferLast = closed({ seconds: seconds(0) });

/**
 * A ring adds agents to those who may take a call that has waited `afterSeconds`: the members of the
 * call's own group and of `groups`, with levels from 1 (best) to `maxLevel`.
 */
const Ring = closed({
  afterSeconds: seconds(0),
  groups: Type.Optional(Type.Array(Slug, { maxItems: 20 })),
  maxLevel: Type.Optional(Type.Integer({ minimum: 1, maximum: 5 })),
});

export const RoutingRules = closed({
  priorityGrowth: Type.Optional(PriorityGrowth),
  preferLast: Type.Optional(PreferLast),
  /**
   * Ring 0 is the call's own group with all levels. A ring with `afterSeconds: 0` takes its place,
   * and so can limit it. A later ring adds agents and removes none.
   */
  rings: Type.Optional(Type.Array(Ring, { maxItems: 10 })),
});
export type RoutingRules = Shape<typeof RoutingRules>;
