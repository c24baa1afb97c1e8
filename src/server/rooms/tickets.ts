import type { CaptionSettings } from '../../protocol/captions.ts';
import type {
  IceServer,
  MediaProvider,
  ParticipantRole,
  Permissions,
  Ticket,
} from '../../protocol/views.ts';
import type { MediaProfile, VideoProfile } from '../../protocol/video-profile.ts';
import { VIDEO_PROFILES } from '../../protocol/video-profiles.ts';
import { callbackCode } from '../callbacks/callback-code.ts';
import { issueChatToken } from '../identity/chat-token.ts';
import { TrtcSigner } from '../tencent/trtc-signatures.ts';
import type { TrtcSettings, TurnSettings } from '../settings/settings.ts';
import { iceServers } from './ice-servers.ts';

/** A row of `participants`, with its room's provider. */
export interface TicketHolder {
  readonly participant: string;
  readonly room: number;
  readonly role: ParticipantRole;
  readonly name: string;
  /** When the participant was made; ms since 1970 by the database's clock. */
  readonly issuedAt: number;
  readonly provider: MediaProvider;
  readonly permissions: Permissions;
  /** Of the site. */
  readonly profiles: { readonly computer: MediaProfile; readonly phone: MediaProfile };
  /** Of the site; null in a room without a call. */
  readonly captions: CaptionSettings | null;
}

/** What differs between providers. */
type Credentials = Pick<Ticket, 'media' | 'chat'>;

export interface TicketSettings {
  /** The server's signing key. */
  readonly key: Uint8Array;
  readonly turn: TurnSettings | null;
  readonly trtc?: TrtcSettings | null | undefined;
}

/** A ticket is renewed every two hours and lives for two more, so that none is about to expire. */
const RENEWAL_MS = 2 * 60 * 60 * 1000;
/** ICE servers from before the ticket are renewed every hour and live for one more. */
const RINGING_MS = 60 * 60 * 1000;
const MAX_KEPT_TICKETS = 20_000;

/**
 * Makes the tickets to enter a room. When a ticket expires follows from the participant alone, so that every snapshot
 * shows the same ticket until the next one is due. Tickets are kept, because Tencent's signatures hold the second in
 * which they were made: a ticket that is made again would be another one, and a reason for another snapshot.
 */
export class Tickets {
  readonly #kept = new Map<string, Promise<Ticket>>();
  readonly #trtc: TrtcSigner | null;

  constructor(private readonly settings: TicketSettings) {
    this.#trtc = settings.trtc ? new TrtcSigner(settings.trtc) : null;
  }

  /** `now` is the database's clock. */
  make(holder: TicketHolder, now: number): Promise<Ticket> {
    const age = Math.max(0, now - holder.issuedAt);
    const expiresAt = holder.issuedAt + (Math.floor(age / RENEWAL_MS) + 2) * RENEWAL_MS;
    const { speak, show, hidden } = holder.permissions;
    const { participant, provider, profiles, captions } = holder;
    const settings = JSON.stringify([profiles, captions]);
    const own = [participant, provider, expiresAt, speak, show, hidden, settings];
    const key = own.join(' ');
    const kept = this.#kept.get(key);
    if (kept) return kept;
    const made = this.#make(holder, now, expiresAt);
    this.#kept.set(key, made);
    made.catch(() => this.#kept.delete(key));
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MAX_KEPT_TICKETS && oldest !== undefined) this.#kept.delete(oldest);
    return made;
  }

  /** The ICE servers of a call or leg that rings, if its media may be the built-in ones; stable for an hour. */
  iceServers(owner: string, now: number): IceServer[] {
    const expiresAt = (Math.floor(now / RINGING_MS) + 2) * RINGING_MS;
    return iceServers(this.settings.turn, owner, expiresAt);
  }

  /** The code with which a visitor comes back for a callback. */
  callbackCode(id: string): string {
    return callbackCode(this.settings.key, id);
  }

  /** A ticket that is signed now, if the provider found the signature of the view's ticket expired. */
  renew(holder: TicketHolder, now: number): Promise<Ticket> {
    return this.#make(holder, now, now + 2 * RENEWAL_MS);
  }

  async #make(holder: TicketHolder, now: number, expiresAt: number): Promise<Ticket> {
    const { room, participant, name, role, permissions, provider } = holder;
    const token = await issueChatToken(this.settings.key, { room, participant, expiresAt });
    return {
      room,
      participant,
      name,
      role,
      permissions,
      ...(provider === 'trtc'
        ? this.#tencent(holder, token, Math.ceil((expiresAt - now) / 1000))
        : this.#builtIn(holder, token, expiresAt)),
      ...video(holder.profiles),
      ...captions(holder),
      expiresAt,
    };
  }

  #builtIn({ participant }: TicketHolder, token: string, expiresAt: number): Credentials {
    return {
      media: {
        provider: 'mesh',
        iceServers: iceServers(this.settings.turn, participant, expiresAt),
      },
      chat: { provider: 'desk', token },
    };
  }

  #tencent(holder: TicketHolder, token: string, seconds: number): Credentials {
    // A start without the keys is refused, or moves such rooms to the built-in media (start-without-trtc.ts).
    if (!this.#trtc) throw new Error(`Room ${holder.room} is at TRTC, which is not set up here.`);
    const { sdkAppId } = this.#trtc;
    const userSig = this.#trtc.chat(holder.participant, seconds);
    return {
      media: { provider: 'trtc', sdkAppId, ...this.#trtc.media(holder, seconds) },
      chat: { provider: 'tim', sdkAppId, userSig, token },
    };
  }
}

/** Nothing where both are the standard, as at most sites. */
function video({ computer, phone }: TicketHolder['profiles']): Pick<Ticket, 'video'> {
  if (computer === 'standard' && phone === 'standard') return {};
  return { video: { computer: numbersOf(computer), phone: numbersOf(phone) } };
}

function captions({ captions: settings, provider }: TicketHolder): Pick<Ticket, 'captions'> {
  if (!settings || settings.mode === 'off') return {};
  const { mode, languages, by, translate = false } = settings;
  const cloud = by === 'cloud' && provider === 'trtc' ? { cloud: { translate } } : {};
  return { captions: { kept: mode === 'kept', languages, ...cloud } };
}

const numbersOf = (profile: MediaProfile): VideoProfile =>
  typeof profile === 'string' ? VIDEO_PROFILES[profile] : profile;
