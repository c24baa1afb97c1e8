import type { Delivery, Signaling } from '../../signaling/signaling.ts';
import type { LocalMedia } from '../../media/local-media.ts';
import type { CallParts } from '../call-parts.ts';
import { RoomParticipation, type RoomToFollow } from '../room/participation.ts';
import type { RoomSession } from '../room/session.ts';
import { MediaSwitch } from './media-switch.ts';

export interface DeskRoom extends RoomToFollow {
  /** The person leaves this room. */
  readonly onLeave: () => Promise<void>;
  /** Set if it is not the desk's own. */
  readonly signaling?: Signaling | undefined;
}

/** The rooms of a desk: one session for each room that has a ticket. Their media go to one of them. */
export class DeskRooms {
  readonly #server: string;
  readonly #parts: CallParts;
  readonly #media: MediaSwitch;
  /** By room number, in the order of the view. */
  #participations = new Map<number, RoomParticipation>();

  /** `server` is the desk's address. */
  constructor(server: string, parts: CallParts) {
    this.#server = server;
    this.#parts = parts;
    this.#media = new MediaSwitch(parts.local);
  }

  /** The devices as this room sees them. */
  devicesOf(room: number): LocalMedia {
    return this.#media.outputTo(room);
  }

  get sessions(): readonly RoomSession[] {
    return [...this.#participations.values()].flatMap(({ room }) => room ?? []);
  }

  /** The session that gets the media. */
  get withMedia(): RoomSession | null {
    return this.#participations.get(this.#media.room ?? 0)?.room ?? null;
  }

  /** Opens a session for each new ticket, and leaves the rooms without one. */
  follow(signaling: Signaling, rooms: readonly DeskRoom[]): void {
    const open = rooms.filter(({ view }) => view.ticket);
    const before = this.#participations;
    this.#participations = new Map(
      open.map((room) => [room.view.number, before.get(room.view.number) ?? this.#make(room)]),
    );
    for (const [number, participation] of before) {
      if (!this.#participations.has(number)) participation.leave(true);
    }
    const { room } = this.#media;
    if (room === null || !this.#participations.has(room)) {
      this.#media.select(open[0]?.view.number ?? null);
    }
    for (const room of open) {
      this.#participations.get(room.view.number)!.follow(room.signaling ?? signaling, room);
    }
  }

  /** Nothing happens if the desk is not in that room. */
  sendMediaTo(room: number): void {
    if (this.#participations.has(room)) this.#media.select(room);
  }

  handleDelivery(delivery: Delivery): void {
    this.#participations.get(delivery.room)?.handleDelivery(delivery);
  }

  leave(): void {
    for (const participation of this.#participations.values()) participation.leave(true);
    this.#participations.clear();
    this.#media.select(null);
  }

  #make({ view, onLeave }: DeskRoom): RoomParticipation {
    return new RoomParticipation({
      server: this.#server,
      parts: { ...this.#parts, local: this.devicesOf(view.number) },
      onLeave,
      // A room tells its own subscribers.
      onChange: () => {},
    });
  }
}
