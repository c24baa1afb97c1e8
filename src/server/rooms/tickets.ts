import type { MediaProvider, ParticipantRole, Ticket } from '../../protocol/views.ts';
import { issueChatToken } from '../identity/chat-token.ts';
import type { TrtcSettings } from '../settings/settings.ts';
import { iceServers, type TurnSettings } from './ice-servers.ts';
import { TrtcSigner } from '../tencent/trtc-signatures.ts';

/** A join that a ticket is made for: a row of `participants` with its room's provider. */
export interface Join {
  readonly participant: string;
  readonly room: number;
  readonly role: ParticipantRole;
  readonly name: string;
  /** Of the join; ms since 1970 by the database's clock. */
  readonly issuedAt: number;
  readonly provider: MediaProvider;
}

/** What differs between providers. */
type Credentials = Pick<Ticket, 'media' | 'chat'>;

export interface TicketSettings {
  /** The server's signing key. */
  readonly key: Uint8Array;
  readonly turn: TurnSettings | null;
  readonly trtc?: TrtcSettings | null | undefined;
}

/** A ticket is renewed every two hours and lives for two more, so that one is never about to expire. */
const PERIOD = 2 * 60 * 60 * 1000;
const REMEMBERED = 20_000;

/**
 * Makes the tickets to enter a room. When one expires follows from the join alone, so that every
 * snapshot of every node shows the same ticket until the next is due; what is remembered here only
 * saves the signing. Tencent's signatures hold the second in which they were made: those of another node are
 * others, of the same worth.
 */
export class Tickets {
  readonly #remembered = new Map<string, Ticket>();
  readonly #trtc: TrtcSigner | null;

  constructor(private readonly settings: TicketSettings) {
    this.#trtc = settings.trtc ? new TrtcSigner(settings.trtc) : null;
  }

  /** `now` is the database's clock. */
  make(join: Join, now: number): Ticket {
    const age = Math.max(0, now - join.issuedAt);
    const expiresAt = join.issuedAt + (Math.floor(age / PERIOD) + 2) * PERIOD;
    const name = `${join.participant} ${join.provider} ${expiresAt}`;
    const known = this.#remembered.get(name);
    if (known) return known;
    const made = this.#make(join, now, expiresAt);
    this.#remembered.set(name, made);
    if (this.#remembered.size > REMEMBERED) {
      for (const oldest of this.#remembered.keys()) {
        this.#remembered.delete(oldest);
        break;
      }
    }
    return made;
  }

  /** The same, signed at this moment: for one whose provider found the ticket of the view expired. */
  renew(join: Join, now: number): Ticket {
    return this.#make(join, now, now + 2 * PERIOD);
  }

  #make(join: Join, now: number, expiresAt: number): Ticket {
    return {
      room: join.room,
      participant: join.participant,
      name: join.name,
      role: join.role,
      ...(join.provider === 'trtc'
        ? this.#tencent(join, now, expiresAt)
        : this.#builtIn(join, expiresAt)),
      expiresAt,
    };
  }

  #builtIn(join: Join, expiresAt: number): Credentials {
    return {
      media: {
        provider: 'peer',
        iceServers: iceServers(this.settings.turn, join.participant, expiresAt),
      },
      chat: { provider: 'desk', token: this.#chatToken(join, expiresAt) },
    };
  }

  #tencent(join: Join, now: number, expiresAt: number): Credentials {
    // A start without the keys is refused, or moves such rooms to the built-in media (start-without-trtc.ts).
    if (!this.#trtc) throw new Error(`Room ${join.room} is TRTC's, which is not set up here.`);
    const { sdkAppId } = this.#trtc;
    const seconds = Math.ceil((expiresAt - now) / 1000);
    return {
      media: { provider: 'trtc', sdkAppId, ...this.#trtc.media(join, seconds) },
      chat: {
        provider: 'tim',
        sdkAppId,
        userSig: this.#trtc.chat(join.participant, seconds),
        token: this.#chatToken(join, expiresAt),
      },
    };
  }

  #chatToken({ room, participant }: Join, expiresAt: number): string {
    return issueChatToken(this.settings.key, { room, participant, expiresAt });
  }
}
