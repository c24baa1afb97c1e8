import type { MediaStart } from '../../media/media.ts';
import type { MediaProvider, RoomView, Ticket } from '../../protocol/views.ts';
import type { Delivery, Signaling } from '../../signaling/signaling.ts';
import type { CallParts } from '../call-parts.ts';
import { RoomSession } from './session.ts';

export interface RoomParticipationOptions {
  /** The desk's address. */
  readonly server: string;
  readonly parts: CallParts;
  readonly onLeave: () => Promise<void>;
  readonly onChange: () => void;
}

export interface RoomToFollow {
  readonly view: RoomView;
  readonly connectedAt: number | null;
  /** The media that the site's calls use, if they are known. */
  readonly usualMedia?: MediaProvider | undefined;
  /** What the media of a new session begin with. Nothing is given twice. */
  readonly start?: (() => MediaStart) | undefined;
}

/**
 * Takes part in the room whose ticket the server shows. Another participant, or another media provider, needs a new
 * session. Without a ticket the room is left.
 */
export class RoomParticipation {
  #session: RoomSession | null = null;
  #ticket: Ticket | null = null;
  #unsubscribe: (() => void) | null = null;

  constructor(private readonly options: RoomParticipationOptions) {}

  get room(): RoomSession | null {
    return this.#session;
  }

  follow(signaling: Signaling, room: RoomToFollow | null): void {
    const before = this.#ticket;
    const ticket = room?.view.ticket ?? null;
    const same = ticket?.participant === before?.participant;
    const moved = same && ticket?.media.provider !== before?.media.provider;
    const last = !same || moved ? this.leave(ticket === null) : null;
    if (!room || !ticket) return;
    const isNew = !this.#session;
    this.#session ??= this.#open(signaling, ticket, room, moved ? last : null);
    this.#session.handleView(ticket, room.view, room.connectedAt);
    if (isNew) void this.#session.join();
  }

  handleDelivery(delivery: Delivery): void {
    this.#session?.handleDelivery(delivery);
  }

  /** Returns the session that was left. `announce`: see `RoomSession.stop`. */
  leave(announce: boolean): RoomSession | null {
    const session = this.#session;
    this.#unsubscribe?.();
    this.#unsubscribe = this.#session = this.#ticket = null;
    session?.stop(announce);
    return session;
  }

  /** `replaced`: the same person's session in the same room, with other media and another chat. */
  #open(
    signaling: Signaling,
    ticket: Ticket,
    { usualMedia, start }: RoomToFollow,
    replaced: RoomSession | null,
  ): RoomSession {
    const { server, onLeave, onChange } = this.options;
    const { local, adapters, platform } = this.options.parts;
    // Those who come later get the built-in media from the start: above all a visitor, who comes after the agent.
    const fellBack = !!replaced || (usualMedia === 'trtc' && ticket.media.provider === 'mesh');
    const own = { server, ticket, signaling, fellBack, unsent: replaced?.unsent ?? [] };
    const parts = { local, adapters, platform, start };
    const session = new RoomSession({ ...own, ...parts, onLeave });
    this.#ticket = ticket;
    this.#unsubscribe = session.subscribe(onChange);
    return session;
  }
}
