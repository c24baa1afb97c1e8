import type { MediaProvider, RoomView, Ticket } from '../../protocol/views.ts';
import type { Delivery, Signaling } from '../../signaling/signaling-client.ts';
import type { CallParts } from '../call-parts.ts';
import { RoomSession } from './session.ts';

export interface RoomParticipationOptions {
  readonly server: string;
  readonly parts: CallParts;
  readonly onLeave: () => Promise<void>;
  readonly onChange: () => void;
}

/** What of a view names the room to be in. */
export interface SeatView {
  readonly ticket: Ticket;
  readonly room: RoomView;
  readonly connectedAt: number | null;
  /** What the site's calls run on, where it is known. */
  readonly usual?: MediaProvider | undefined;
}

/**
 * Sits in the room that the server's ticket names: another participant, and another provider of media, is another
 * join; no ticket means to leave.
 */
export class RoomParticipation {
  #session: RoomSession | null = null;
  #ticket: Ticket | null = null;
  #unsubscribe: (() => void) | null = null;

  constructor(private readonly options: RoomParticipationOptions) {}

  get room(): RoomSession | null {
    return this.#session;
  }

  follow(signaling: Signaling, view: SeatView | null): void {
    const before = this.#ticket;
    const same = view?.ticket.participant === before?.participant;
    const moved = same && view?.ticket.media.provider !== before?.media.provider;
    const last = !same || moved ? this.leave(view === null) : null;
    if (!view) return;
    const joins = !this.#session;
    this.#session ??= this.#sit(signaling, view, moved ? last : null);
    this.#session.handleView(view.ticket, view.room, view.connectedAt);
    if (joins) void this.#session.join();
  }

  handleDelivery(delivery: Delivery): void {
    this.#session?.handleDelivery(delivery);
  }

  /** Answers with the room that was left. `announce`: see `RoomSession.stop`. */
  leave(announce: boolean): RoomSession | null {
    const session = this.#session;
    this.#unsubscribe?.();
    this.#unsubscribe = this.#session = this.#ticket = null;
    session?.stop(announce);
    return session;
  }

  /** `last`: whose place it takes, with other media and another chat, but as the same person in the same room. */
  #sit(signaling: Signaling, { ticket, usual }: SeatView, last: RoomSession | null): RoomSession {
    const { server, parts, onLeave, onChange } = this.options;
    const { local, adapters, clock } = parts;
    // Who comes later, a visitor after the agent above all, was given the other media from the first.
    const fellBack = !!last || (usual === 'trtc' && ticket.media.provider === 'peer');
    const own = { server, ticket, signaling, fellBack, unsent: last?.unsent ?? [] };
    const session = new RoomSession({ ...own, local, adapters, clock, onLeave });
    this.#ticket = ticket;
    this.#unsubscribe = session.subscribe(onChange);
    return session;
  }
}
