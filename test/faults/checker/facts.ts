import type {
  CommandBody,
  CommandType,
  CommandValues,
} from '../../../src/protocol/client-messages.ts';
import type { AgentView, VisitorView } from '../../../src/protocol/views.ts';
import type { Event, FinalRecord, History, Saw, Transition } from './history.ts';

export type BodyOf<T extends CommandType> = Extract<CommandBody, { type: T }>;

/** One command, however often it was sent; a message that was said again under another id is the same one. */
export interface Asked<T extends CommandType = CommandType> {
  readonly who: string;
  readonly id: string;
  readonly body: BodyOf<T>;
  readonly firstSent: number;
  /** When and what the first `ok` answered; null where none came. */
  readonly done: {
    readonly at: number;
    readonly socket: number;
    readonly value: CommandValues[T];
  } | null;
}

export type SawAs<V> = Saw & { readonly view: V };

type OfKind<K extends Event['kind']> = Extract<Event, { kind: K }>;

/** A history, put in order for the rules to look things up. */
export class Facts {
  readonly events: readonly Event[];
  readonly record: FinalRecord;
  readonly commands: readonly Asked[];
  readonly seenByVisitors: readonly SawAs<VisitorView>[];
  readonly seenByAgents: readonly SawAs<AgentView>[];
  readonly #agents: ReadonlyMap<string, string>;

  constructor({ events, record }: History) {
    this.events = events;
    this.record = record;
    this.commands = gather(events);
    const seen = this.of('saw');
    this.seenByVisitors = seen.filter(
      (event): event is SawAs<VisitorView> => event.view.role === 'visitor',
    );
    this.seenByAgents = seen.filter(
      (event): event is SawAs<AgentView> => event.view.role === 'agent',
    );
    this.#agents = new Map(record.agents.map(({ id, who }) => [id, who]));
  }

  of<K extends Event['kind']>(kind: K): OfKind<K>[] {
    return this.events.filter((event): event is OfKind<K> => event.kind === kind);
  }

  asked<T extends CommandType>(type: T): Asked<T>[] {
    return this.commands.filter(({ body }) => body.type === type) as unknown as Asked<T>[];
  }

  /** The commands of this type that were acknowledged. */
  done<T extends CommandType>(
    type: T,
  ): (Asked<T> & { readonly done: NonNullable<Asked<T>['done']> })[] {
    return this.asked(type).filter(
      (asked): asked is Asked<T> & { readonly done: NonNullable<Asked<T>['done']> } =>
        asked.done !== null,
    );
  }

  agentName(id: string | null): string {
    return (id !== null && this.#agents.get(id)) || `agent ${id}`;
  }

  /** The steps of each call, in the order of their epochs. */
  steps(): Map<string, Transition[]> {
    const steps = groupBy(this.record.transitions, ({ callId }) => callId);
    for (const list of steps.values()) list.sort((a, b) => a.epoch - b.epoch);
    return steps;
  }

  /** When this person had no socket: from a loss (or the beginning) until the next welcome (or for ever). */
  absences(who: string): { readonly from: number; readonly to: number }[] {
    const absences: { from: number; to: number }[] = [];
    const open = new Set<number>();
    let since = -Infinity;
    for (const event of this.events) {
      if (event.kind !== 'joined' && event.kind !== 'lost') continue;
      if (event.who !== who) continue;
      if (event.kind === 'joined') {
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

function gather(events: readonly Event[]): Asked[] {
  const asked = new Map<string, { -readonly [K in keyof Asked]: Asked[K] }>();
  const said = new Map<string, string>();
  for (const event of events) {
    if (event.kind === 'sent') {
      const { who, id, body, at } = event;
      const key = `${who}/${id}`;
      const message = body.type === 'chat-send' ? `${who}/${body.room}/${body.messageId}` : key;
      const first = asked.get(said.get(message) ?? key);
      asked.set(key, first ?? { who, id, body, firstSent: at, done: null });
      if (!first) said.set(message, key);
    } else if (event.kind === 'answered' && event.answer.ok) {
      const command = asked.get(`${event.who}/${event.id}`);
      if (command) {
        const value = event.answer.value as CommandValues[CommandType];
        command.done ??= { at: event.at, socket: event.socket, value };
      }
    }
  }
  return [...new Set(asked.values())];
}
