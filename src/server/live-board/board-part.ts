import type { BoardAgent } from '../../protocol/board-view.ts';
import { reachOf } from '../identity/permissions.ts';
import type { Board } from './live-board.ts';
import type { WatcherRow } from './read-board.ts';

/** What one watcher sees of a board. Rows are JSON, by their ids, so that those that changed are found. */
export interface BoardPart {
  /** All but `rev`, `now` and the rows: `"flow":…,"serviceLevelSeconds":…` */
  readonly head: string;
  readonly groups: ReadonlyMap<string, string>;
  readonly agents: ReadonlyMap<string, string>;
}

/** The groups that a watcher sees. `site`: all, and the flow; null: the role sees no board. */
export type BoardScope = 'site' | readonly string[] | null;

export function scopeOf({ role, groups }: WatcherRow): BoardScope {
  switch (reachOf({ kind: 'session', role }, 'reports')) {
    case 'site':
      return 'site';
    case 'groups':
      return [...groups].sort();
    default:
      return null;
  }
}

/** The part of the board within the scope: its groups, and the agents who are in one of them. */
export function boardPart(board: Board, scope: NonNullable<BoardScope>): BoardPart {
  const { flow, serviceLevelSeconds, shortAbandonSeconds } = board;
  const sees = (group: string): boolean => scope === 'site' || scope.includes(group);
  const head = { flow: scope === 'site' ? flow : null, serviceLevelSeconds, shortAbandonSeconds };
  return {
    head: JSON.stringify(head).slice(1, -1),
    groups: byId(board.groups.filter(({ id }) => sees(id))),
    agents: byId(
      board.agents.flatMap((agent): BoardAgent[] => {
        const groups = agent.groups.filter((group) => sees(group));
        return groups.length > 0 ? [{ ...agent, groups }] : [];
      }),
    ),
  };
}

const byId = (rows: readonly { readonly id: string }[]): Map<string, string> =>
  new Map(rows.map((row) => [row.id, JSON.stringify(row)]));

/**
 * The message `board` as text: the whole part, or what differs from the part that was sent `before`. Null: nothing
 * differs.
 */
export function boardFrame(
  { rev, now }: Pick<Board, 'rev' | 'now'>,
  part: BoardPart,
  before: BoardPart | null,
): string | null {
  if (part === before) return null;
  const groups = changedRows(part.groups, before?.groups);
  const agents = changedRows(part.agents, before?.agents);
  const gone = {
    groups: goneRows(part.groups, before?.groups),
    agents: goneRows(part.agents, before?.agents),
  };
  const count = groups.length + agents.length + gone.groups.length + gone.agents.length;
  if (before && count === 0 && before.head === part.head) return null;
  return `{"type":"board","rev":${rev},"now":${now},"whole":${before === null},${part.head},"groups":[${groups.join()}],"agents":[${agents.join()}],"gone":${JSON.stringify(gone)}}`;
}

type Rows = BoardPart['groups'];

const changedRows = (rows: Rows, before?: Rows): string[] =>
  [...rows].filter(([id, text]) => before?.get(id) !== text).map(([, text]) => text);

const goneRows = (rows: Rows, before?: Rows): string[] =>
  [...(before?.keys() ?? [])].filter((id) => !rows.has(id));
