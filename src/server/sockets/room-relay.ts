import type { Notice } from '../../protocol/client-messages.ts';
import { RtcDeskError } from '../../protocol/errors.ts';
import type { ServerMessage } from '../../protocol/server-messages.ts';
import type { Wake } from '../database/database.ts';
import type { Members } from '../rooms/read-room-members.ts';
import type { Connection } from './connection.ts';
import type { ConnectionIndex } from './connection-index.ts';
import type { RoomPresence } from './room-presence.ts';

type NoticeOf<T extends Notice['type']> = Extract<Notice, { type: T }>;

/** What one node sends to another: a message for one connection, or for everyone in the room but its sender. */
type NodeMessage =
  | {
      readonly kind: 'one';
      readonly connection: string;
      readonly room: number;
      readonly message: ServerMessage;
    }
  | {
      readonly kind: 'others';
      readonly room: number;
      readonly from: string;
      readonly message: ServerMessage;
    };

/** Hands messages of one member of a room to the others. They are neither read nor stored. */
export class RoomRelay {
  constructor(
    private readonly node: string,
    private readonly index: ConnectionIndex,
    private readonly presence: RoomPresence,
    private readonly wake: Wake,
  ) {}

  /** Rejects as `sendTo`. */
  signal(connection: Connection, { room, to, data }: NoticeOf<'signal'>): Promise<void> {
    return this.sendTo(connection, { room, to }, (from) => ({ type: 'signal', room, from, data }));
  }

  /** Rejects with `forbidden` from outside of the room. */
  typing(connection: Connection, { room }: NoticeOf<'typing'>): Promise<void> {
    const from = ownParticipant(connection, room);
    return this.#sendToOthers(room, from, { type: 'typing', room, from });
  }

  /** Rejects as `requireAgent`. */
  async point(connection: Connection, { room, at }: NoticeOf<'point'>): Promise<void> {
    const from = await this.requireAgent(connection, room);
    await this.#sendToOthers(room, from, { type: 'pointer', room, from, at });
  }

  /**
   * The participant of an agent who is in the room. Rejects with `forbidden` for everybody else, and for an agent whom
   * nobody is shown.
   */
  async requireAgent(connection: Connection, room: number): Promise<string> {
    const own = ownParticipant(connection, room);
    const member = (await this.#membersWith(room, own, own)).get(own);
    if (member?.visibleAgent) return own;
    throw new RtcDeskError('forbidden', 'Only an agent in the room may do this.');
  }

  /** Rejects with `forbidden` from outside of the room, with `not-found` if the other is not inside. */
  async sendTo(
    connection: Connection,
    { room, to }: { readonly room: number; readonly to: string },
    messageFrom: (from: string) => ServerMessage,
  ): Promise<void> {
    const from = ownParticipant(connection, room);
    const member = (await this.#membersWith(room, from, to)).get(to);
    if (!member || to === from) throw new RtcDeskError('not-found', 'Nobody of that id is there.');
    const message = messageFrom(from);
    if (member.node === this.node) this.#deliverToOne(member.connection, room, message);
    else this.#send(member.node, { kind: 'one', connection: member.connection, room, message });
  }

  /** A message of another node. One that is not understood comes from another version, and is dropped. */
  handleNodeMessage(payload: string): void {
    const read = readNodeMessage(payload);
    if (read?.kind === 'one') this.#deliverToOne(read.connection, read.room, read.message);
    else if (read?.kind === 'others') this.#deliverToOthers(read.room, read.from, read.message);
  }

  async #sendToOthers(room: number, from: string, message: ServerMessage): Promise<void> {
    const members = await this.presence.members(room);
    const nodes = new Set([...members.values()].map(({ node }) => node));
    for (const node of nodes) {
      if (node === this.node) this.#deliverToOthers(room, from, message);
      else this.#send(node, { kind: 'others', room, from, message });
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

  #deliverToOne(id: string, room: number, message: ServerMessage): void {
    const connection = this.index.get(id);
    if (connection?.rooms.has(room)) connection.send(message);
  }

  #deliverToOthers(room: number, from: string, message: ServerMessage): void {
    for (const connection of this.presence.inside(room)) {
      if (connection.rooms.get(room)?.participant !== from) connection.send(message);
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
