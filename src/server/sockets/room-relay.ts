import type { Notice } from '../../protocol/client-messages.ts';
import { RtcDeskError } from '../../protocol/errors.ts';
import type { Wake } from '../database/database.ts';
import type { Connection } from './connection.ts';
import type { ConnectionIndex } from './connection-index.ts';
import type { Members, RoomPresence } from './room-presence.ts';

type Signal = Extract<Notice, { type: 'signal' }>;

/** What goes from node to node. */
type Parcel =
  | {
      readonly kind: 'signal';
      readonly connection: string;
      readonly room: number;
      readonly from: string;
      readonly data: unknown;
    }
  | { readonly kind: 'typing'; readonly room: number; readonly from: string };

/** Hands signals and typing marks on, unread and unstored, among the entered members of one room. */
export class Relay {
  constructor(
    private readonly node: string,
    private readonly index: ConnectionIndex,
    private readonly presence: RoomPresence,
    private readonly wake: Wake,
  ) {}

  /** Rejects with `forbidden` from outside of the room, with `not-found` where the other is not there. */
  async signal(connection: Connection, { room, to, data }: Signal): Promise<void> {
    const from = ownParticipant(connection, room);
    const member = (await this.#membersWith(room, from, to)).get(to);
    if (!member || to === from) throw new RtcDeskError('not-found', 'Nobody of that id is there.');
    if (member.node === this.node) this.#deliverSignal(member.connection, room, from, data);
    else
      this.#send(member.node, { kind: 'signal', connection: member.connection, room, from, data });
  }

  async typing(connection: Connection, room: number): Promise<void> {
    const from = ownParticipant(connection, room);
    const members = await this.presence.members(room);
    const nodes = new Set([...members.values()].map(({ node }) => node));
    for (const node of nodes) {
      if (node === this.node) this.#deliverTyping(room, from);
      else this.#send(node, { kind: 'typing', room, from });
    }
  }

  /** A parcel from another node. One that is not understood comes from another version and is dropped. */
  handleParcel(payload: string): void {
    const parcel = readParcel(payload);
    if (parcel?.kind === 'signal') {
      this.#deliverSignal(parcel.connection, parcel.room, parcel.from, parcel.data);
    } else if (parcel?.kind === 'typing') {
      this.#deliverTyping(parcel.room, parcel.from);
    }
  }

  /** Somebody may have entered a moment ago, before this node heard of it: a miss reads once more. */
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
    if (connection?.entered?.room !== room) return;
    connection.send({ type: 'signal', room, from, data });
  }

  #deliverTyping(room: number, from: string): void {
    for (const connection of this.presence.inside(room)) {
      if (connection.entered?.participant !== from) connection.send({ type: 'typing', room, from });
    }
  }

  #send(node: string, parcel: Parcel): void {
    this.wake.send(node, JSON.stringify(parcel));
  }
}

function ownParticipant(connection: Connection, room: number): string {
  if (connection.entered?.room !== room) {
    throw new RtcDeskError('forbidden', 'You are not in this room.');
  }
  return connection.entered.participant;
}

function readParcel(payload: string): Parcel | null {
  try {
    return JSON.parse(payload) as Parcel;
  } catch {
    // Signals may be lost; the media adapters send what matters again.
    return null;
  }
}
