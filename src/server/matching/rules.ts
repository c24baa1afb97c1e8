/** How the calls of a skill group are routed. Every part may be left out; without any, nothing of it happens. */
import { Type, type Static } from '@sinclair/typebox';

const closed = { additionalProperties: false };
const Seconds = (minimum: number) => Type.Integer({ minimum, maximum: 86_400 });
const GroupId = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,62}$' });

/** Priorities go from 1 to 9. 9 is served first; a call that names none has 5. */
const Priority = Type.Integer({ minimum: 1, maximum: 9 });

/** A call's priority grows by one for each `everySeconds` of waiting, and stops at `upTo`. */
const PriorityGrowth = Type.Object({ everySeconds: Seconds(1), upTo: Priority }, closed);

/**
 * The visitor's last agent comes before every other agent while free. While that agent is online but
 * busy, a call that has waited less than `seconds` is offered to nobody else. With 0 it never waits.
 * The preference of a call ends when that agent refuses it.
 */
const PreferLast = Type.Object({ seconds: Seconds(0) }, closed);

/**
 * A ring adds agents to those who may take a call that has waited `afterSeconds`: the members of the
 * call's own group and of `groups`, with levels from 1 (best) to `maxLevel`.
 */
const Ring = Type.Object(
  {
    afterSeconds: Seconds(0),
    groups: Type.Optional(Type.Array(GroupId, { maxItems: 20 })),
    maxLevel: Type.Optional(Type.Integer({ minimum: 1, maximum: 5 })),
  },
  closed,
);

export const RoutingRules = Type.Object(
  {
    priorityGrowth: Type.Optional(PriorityGrowth),
    preferLast: Type.Optional(PreferLast),
    /**
     * Ring 0 is the call's own group with all levels. A ring with `afterSeconds: 0` takes its place,
     * and so can limit it. A later ring adds agents and removes none.
     */
    rings: Type.Optional(Type.Array(Ring, { maxItems: 10 })),
  },
  closed,
);
export type RoutingRules = Static<typeof RoutingRules>;
