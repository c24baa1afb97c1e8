import type {
  CommandBody,
  CommandType,
  CommandValues,
} from '../../../src/protocol/client-messages.ts';
import type { AgentView, VisitorView } from '../../../src/protocol/views.ts';
import type { CallEvent, Event, FinalRecord, History, SnapshotReceived } from './history.ts';

export type BodyOf<T extends CommandType> = Extract<CommandBody, { type: T }>;

/** One command, however often it was sent. A chat message that was sent again under another id is the same one. */
export interface Command<T extends CommandType = CommandType> {
  readonly who: string;
  readonly id: string;
  readonly body: BodyOf<T>;
  readonly firstSent: number;
  /** The first `ok` result; null if none came. */
  readonly done: {
    readonly at: number;
    readonly socket: number;
    readonly value: CommandValues[T];
  } | null;
}

export type DoneCommand<T extends CommandType> = Command<T> & {
  readonly done: NonNullable<Command<T>['done']>;
};

export type ViewReceived<V> = SnapshotReceived & { readonly view: V };

type OfKind<K extends Event['kind']> = Extract<Event, { kind: K }>;

/** A history, indexed for the rules. */
export class Facts {
  readonly events: readonly Event[];
  readonly record: FinalRecord;
  readonly seenByVisitors: readonly ViewReceived<VisitorView>[];
  readonly seenByAgents: readonly ViewReceived<AgentView>[];
  readonly #commands: readonly Command[];
  readonly #agentNames: ReadonlyMap<string, string>;
  readonly #agentOfLeg: ReadonlyMap<string, string>;

  constructor({ events, record }: History) {
    this.events = events;
    this.record = record;
    this.#commands = collectCommands(events);
    const snapshots = this.of('snapshot-received');
    this.seenByVisitors = snapshots.filter(
      (event): event is ViewReceived<VisitorView> => event.view.role === 'visitor',
    );
    this.seenByAgents = snapshots.filter(
      (event): event is ViewReceived<AgentView> => event.view.role === 'agent',
    );
    this.#agentNames = new Map(record.agents.map(({ id, who }) => [id, who]));
    this.#agentOfLeg = new Map(record.legs.map(({ id, agentId }) => [id, agentId]));
  }

  of<K extends Event['kind']>(kind: K): OfKind<K>[] {
    return this.events.filter((event): event is OfKind<K> => event.kind === kind);
  }

  /** The commands of this type that were sent. */
  commands<T extends CommandType>(type: T): Command<T>[] {
    return this.#commands.filter(({ body }) => body.type === type) as unknown as Command<T>[];
  }

  /** The commands of this type that were acknowledged. */
  done<T extends CommandType>(type: T): DoneCommand<T>[] {
    return this.commands(type).filter(
      (command): command is DoneCommand<T> => command.done !== null,
    );
  }

  agentName(id: string | null): string {
    return (id !== null && this.#agentNames.get(id)) || `agent ${id}`;
  }

  /** The agent of an event: the one who is named in it, else the agent of its leg. */
  agentOf({ agentId, legId }: CallEvent): string | null {
    return agentId ?? (legId === null ? null : (this.#agentOfLeg.get(legId) ?? null));
  }

  /** The events of each call, in their sequence. */
  callEvents(): Map<string, CallEvent[]> {
    const byCall = groupBy(this.record.callEvents, ({ callId }) => callId);
    for (const list of byCall.values()) list.sort((a, b) => a.sequence - b.sequence);
    return byCall;
  }

  /** When this person had no welcomed socket. The first absence begins at -Infinity; the last may end at Infinity. */
  absences(who: string): { readonly from: number; readonly to: number }[] {
    const absences: { from: number; to: number }[] = [];
    const open = new Set<number>();
    let since = -Infinity;
    for (const event of this.events) {
      if (event.kind !== 'welcomed' && event.kind !== 'socket-closed') continue;
      if (event.who !== who) continue;
      if (event.kind === 'welcomed') {
        if (open.size === 0) absences.push({ from: since, to: event.at });
        open.add(event.socket);
      } else if (open.delete(event.socket) && open.size === 0) {
        since = event.at;
      }
    }
    if (open.size === 0) absences.push({ from: since, to: Infinity });
    return absences;
  }
}

export function groupBy<T, K>(list: readonly T[], keyOf: (entry: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const entry of list) {
    const key = keyOf(entry);
    const group = groups.get(key);
    if (group) group.push(entry);
    else groups.set(key, [entry]);
  }
  return groups;
}

function collectCommands(events: readonly Event[]): Command[] {
  const commands = new Map<string, { -readonly [K in keyof Command]: Command[K] }>();
  const firstKeyOf = new Map<string, string>();
  for (const event of events) {
    if (event.kind === 'command-sent') {
      const { who, id, body, at } = event;
      const key = `${who}/${id}`;
      const content = body.type === 'chat-send' ? `${who}/${body.room}/${body.messageId}` : key;
      const first = commands.get(firstKeyOf.get(content) ?? key);
      commands.set(key, first ?? { who, id, body, firstSent: at, done: null });
      if (!first) firstKeyOf.set(content, key);
    } else if (event.kind === 'result-received' && event.result.ok) {
      const command = commands.get(`${event.who}/${event.id}`);
      if (command) {
        const value = event.result.value as CommandValues[CommandType];
        command.done ??= { at: event.at, socket: event.socket, value };
      }
    }
  }
  return [...new Set(commands.values())];
}
