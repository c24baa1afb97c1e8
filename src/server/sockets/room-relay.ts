import type { Notice } from '../../protocol/client-messages.ts';
import { RtcDeskError } from '../../protocol/errors.ts';
import type { Wake } from '../database/database.ts';
import type { Members } from '../rooms/read-room-members.ts';
import type { Connection } from './connection.ts';
import type { ConnectionIndex } from './connection-index.ts';
import type { RoomPresence } from './room-presence.ts';

type Signal = Extract<Notice, { type: 'signal' }>;

/** What one node sends to another. */
type NodeMessage =
  | {
      readonly kind: 'signal';
      readonly connection: string;
      readonly room: number;
      readonly from: string;
      readonly data: unknown;
    }
  | { readonly kind: 'typing'; readonly room: number; readonly from: string };

/** Hands signals and typing marks to the other members of a room. They are neither read nor stored. */
export class RoomRelay {
  constructor(
    private readonly node: string,
    private readonly index: ConnectionIndex,
    private readonly presence: RoomPresence,
    private readonly wake: Wake,
  ) {}

  /** Rejects with `forbidden` from outside of the room, with `not-found` if the other is not inside. */
  async signal(connection: Connection, { room, to, data }: Signal): Promise<void> {
    const from = ownParticipant(connection, room);
    const member = (await this.#membersWith(room, from, to)).get(to);
    if (!member || to === from) throw new RtcDeskError('not-found', 'Nobody of that id is there.');
    if (member.node === this.node) this.#deliverSignal(member.connection, room, from, data);
    else
      this.#send(member.node, { kind: 'signal', connection: member.connection, room, from, data });
  }

  /** Rejects with `forbidden` from outside of the room. */
  async typing(connection: Connection, room: number): Promise<void> {
    const from = ownParticipant(connection, room);
    const members = await this.presence.members(room);
    const nodes = new Set([...members.values()].map(({ node }) => node));
    for (const node of nodes) {
      if (node === this.node) this.#deliverTyping(room, from);
      else this.#send(node, { kind: 'typing', room, from });
    }
  }

  /** A message of another node. One that is not understood comes from another version, and is dropped. */
  handleNodeMessage(payload: string): void {
    const message = readNodeMessage(payload);
    if (message?.kind === 'signal') {
      this.#deliverSignal(message.connection, message.room, message.from, message.data);
    } else if (message?.kind === 'typing') {
      this.#deliverTyping(message.room, message.from);
    }
  }

  /** Reads again if one of the two is missing: they may have entered before this node was told. */
  async #membersWith(room: number, from: string, to: string): Promise<Members> {
    const members = await this.presence.members(room);
    if (members.has(from) && members.has(to)) return members;
    this.presence.invalidate(room);
    const again = await this.presence.members(room);
    if (!again.has(from)) throw new RtcDeskError('forbidden', 'You are not in this room.');
    return again;
  }

  #deliverSignal(id: string, room: number, from: string, data: unknown): void {
    const connection = this.index.get(id);
    if (connection?.rooms.has(room)) connection.send({ type: 'signal', room, from, data });
  }

  #deliverTyping(room: number, from: string): void {
    for (const connection of this.presence.inside(room)) {
      if (connection.rooms.get(room)?.participant === from) continue;
      connection.send({ type: 'typing', room, from });
    }
  }

  #send(node: string, message: NodeMessage): void {
    this.wake.send(node, JSON.stringify(message));
  }
}

function ownParticipant(connection: Connection, room: number): string {
  const entered = connection.rooms.get(room);
  if (!entered) throw new RtcDeskError('forbidden', 'You are not in this room.');
  return entered.participant;
}

function readNodeMessage(payload: string): NodeMessage | null {
  try {
    return JSON.parse(payload) as NodeMessage;
  } catch {
    // Signals may be lost: the media adapters repeat what matters.
    return null;
  }
}
