/** The live board: the present state of a site's groups and agents, for those who watch over them. */
import { Type } from '@sinclair/typebox';
import { AgentStatus } from './agent-view.ts';
import { closed, Nullable, Slug, Time, Uuid, type Shape } from './schema.ts';

const Count = Type.Integer({ minimum: 0 });

/** "Today" begins at midnight in the site's time zone. A call counts today while it lives and if it ended today. */
export const BoardGroup = closed({
  id: Slug,
  name: Type.String(),
  /** Calls in the queue that ring at nobody. */
  waiting: Count,
  /** The first press of the call that has waited longest, also if it rings. Null: nobody waits. */
  waitingSince: Nullable(Time),
  ringing: Count,
  /** Accepted calls. */
  inCall: Count,
  /** Open callbacks, those that answer a message included: nobody has marked them as done. */
  callbacks: Count,
  /** Today's calls that reached the group's queue. */
  offered: Count,
  /** Of them, calls in which visitor and agent met. */
  answered: Count,
  /** Of them, calls that the visitor left before. */
  abandoned: Count,
  /** From 0 to 1; null before the first call that counts. */
  serviceLevel: Nullable(Type.Number()),
  /** In whole seconds, of the legs of today's ended calls; null before the first. Handling is talk and wrap-up. */
  averageTalk: Nullable(Count),
  averageHandling: Nullable(Count),
});
export type BoardGroup = Shape<typeof BoardGroup>;

export const BoardAgent = closed({
  id: Uuid,
  name: Type.String(),
  /** The ids of the agent's groups that the watcher sees. */
  groups: Type.Array(Slug),
  /** `offline` also if the agent chose another status and no socket is open. */
  status: AgentStatus,
  since: Time,
  /** Of a break. */
  reason: Nullable(Type.String()),
});
export type BoardAgent = Shape<typeof BoardAgent>;

/** Calls that are still in the flow and belong to no group yet. */
export const BoardFlow = closed({ choosing: Count, since: Nullable(Time) });
export type BoardFlow = Shape<typeof BoardFlow>;

export const BoardMessage = closed({
  type: Type.Literal('board'),
  /** Grows with every message. */
  rev: Type.Integer(),
  now: Time,
  /** Whether this is the whole board. Otherwise `groups` and `agents` hold only rows that are new or changed. */
  whole: Type.Boolean(),
  /** Null for somebody who sees some groups only. */
  flow: Nullable(BoardFlow),
  /** The site's bounds of the service level. */
  serviceLevelSeconds: Count,
  shortAbandonSeconds: Count,
  groups: Type.Array(BoardGroup),
  agents: Type.Array(BoardAgent),
  /** The ids of rows that are no longer on the board. */
  gone: closed({ groups: Type.Array(Slug), agents: Type.Array(Uuid) }),
});
