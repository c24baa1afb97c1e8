import type { BoardAgent, BoardFlow, BoardGroup } from '../../../protocol/board-view.ts';
import type { AgentStatus } from '../../../protocol/agent-view.ts';
import type { BoardDelivery } from '../../../protocol/server-messages.ts';

/** The board as it was last told. */
export interface BoardState {
  readonly flow: BoardFlow | null;
  readonly serviceLevelSeconds: number;
  readonly groups: readonly BoardGroup[];
  readonly agents: readonly BoardAgent[];
}

/** The board after a message. */
export function withMessage(before: BoardState | null, message: BoardDelivery): BoardState {
  const { flow, serviceLevelSeconds, gone, whole } = message;
  const rows = <Row extends { readonly id: string }>(
    old: readonly Row[] | undefined,
    changed: readonly Row[],
    removed: readonly string[],
  ): readonly Row[] => {
    const byId = new Map((whole ? [] : (old ?? [])).map((row) => [row.id, row]));
    for (const row of changed) byId.set(row.id, row);
    for (const id of removed) byId.delete(id);
    return [...byId.values()];
  };
  return {
    flow,
    serviceLevelSeconds,
    groups: rows(before?.groups, message.groups, gone.groups),
    agents: rows(before?.agents, message.agents, gone.agents),
  };
}

/** From which values on a group is marked. Null: never. */
export interface Thresholds {
  readonly waiting: number | null;
  /** In seconds. */
  readonly longestWait: number | null;
  /** In percent: marked below it. */
  readonly serviceLevel: number | null;
}

export type Alert = keyof Thresholds;

/** What is over its threshold in a group. `now` is by the server's clock. */
export function alertsOf(group: BoardGroup, thresholds: Thresholds, now: number): Alert[] {
  const { waiting, longestWait, serviceLevel } = thresholds;
  const alerts: Alert[] = [];
  if (waiting !== null && group.waiting > waiting) alerts.push('waiting');
  if (longestWait !== null && waitSeconds(group, now) > longestWait) alerts.push('longestWait');
  if (serviceLevel !== null && group.serviceLevel !== null) {
    if (group.serviceLevel * 100 < serviceLevel) alerts.push('serviceLevel');
  }
  return alerts;
}

/** 0 if nobody waits. */
export const waitSeconds = ({ waitingSince }: BoardGroup, now: number): number =>
  waitingSince === null ? 0 : Math.max(0, (now - waitingSince) / 1000);

/** In the order in which the board sorts agents by their state. */
export const STATUSES: readonly AgentStatus[] = [
  'available',
  'ringing',
  'busy',
  'wrap-up',
  'break',
  'away',
  'offline',
];

/** By which column a table is sorted, and whether the highest comes first. */
export interface Sort<Field extends string> {
  readonly field: Field;
  readonly down: boolean;
}

/** Rows that are equal keep the order of their names; rows without a value come last. */
export function sorted<Row extends { readonly name: string }>(
  rows: readonly Row[],
  valueOf: (row: Row) => string | number | null,
  down: boolean,
): Row[] {
  return [...rows].sort((a, b) => {
    const [one, other] = [valueOf(a), valueOf(b)];
    const byName = a.name.localeCompare(b.name, undefined, { numeric: true });
    if (one === null || other === null) {
      return Number(one === null) - Number(other === null) || byName;
    }
    const order =
      typeof one === 'string'
        ? one.localeCompare(String(other), undefined, { numeric: true })
        : one - Number(other);
    return (down ? -order : order) || byName;
  });
}
