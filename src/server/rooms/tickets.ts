import type { ChatTicket, MediaTicket, ParticipantRole, Ticket } from '../../protocol/views.ts';
import { issueChatToken } from '../identity/chat-token.ts';
import { iceServers, type TurnSettings } from './ice-servers.ts';

/** A join that a ticket is made for: a row of `participants` with its room's provider. */
export interface Join {
  readonly participant: string;
  readonly room: number;
  readonly role: ParticipantRole;
  readonly name: string;
  /** Of the join; ms since 1970 by the database's clock. */
  readonly issuedAt: number;
  readonly provider: 'peer' | 'trtc';
}

export interface TicketSettings {
  /** The server's signing key. */
  readonly key: Uint8Array;
  readonly turn: TurnSettings | null;
}

/** A ticket is renewed every two hours and lives for two more, so that one is never about to expire. */
const PERIOD = 2 * 60 * 60 * 1000;
const REMEMBERED = 20_000;

/**
 * Makes the tickets to enter a room. When one expires follows from the join alone, so that every
 * snapshot of every node shows the same ticket until the next is due; what is remembered here only
 * saves the signing.
 */
export class Tickets {
  readonly #remembered = new Map<string, Promise<Ticket>>();

  constructor(private readonly settings: TicketSettings) {}

  /** `now` is the database's clock. */
  make(join: Join, now: number): Promise<Ticket> {
    const age = Math.max(0, now - join.issuedAt);
    const expiresAt = join.issuedAt + (Math.floor(age / PERIOD) + 2) * PERIOD;
    const name = `${join.participant} ${expiresAt}`;
    const known = this.#remembered.get(name);
    if (known) return known;
    const made = this.#make(join, expiresAt);
    this.#remembered.set(name, made);
    made.catch(() => this.#remembered.delete(name));
    if (this.#remembered.size > REMEMBERED) {
      for (const oldest of this.#remembered.keys()) {
        this.#remembered.delete(oldest);
        break;
      }
    }
    return made;
  }

  async #make(join: Join, expiresAt: number): Promise<Ticket> {
    return {
      room: join.room,
      participant: join.participant,
      name: join.name,
      role: join.role,
      media: this.#media(join, expiresAt),
      chat: await this.#chat(join, expiresAt),
      expiresAt,
    };
  }

  #media(join: Join, expiresAt: number): MediaTicket {
    switch (join.provider) {
      case 'peer':
        return {
          provider: 'peer',
          iceServers: iceServers(this.settings.turn, join.participant, expiresAt),
        };
      case 'trtc':
        // A room is only made for a provider that the settings name; this server names none but its own.
        throw new Error(`Room ${join.room} belongs to a media provider that is not set up here.`);
    }
  }

  async #chat(join: Join, expiresAt: number): Promise<ChatTicket> {
    const { room, participant } = join;
    return {
      provider: 'desk',
      token: await issueChatToken(this.settings.key, { room, participant, expiresAt }),
    };
  }
}
