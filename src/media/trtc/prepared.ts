import { systemClock, type Clock } from '../../platform/clock.ts';
import type { Ticket } from '../../protocol/views.ts';
import type { LocalMedia } from '../local-media.ts';
import type { MediaRoomOptions, PreparedMedia } from '../media.ts';
import { endTrtcClient } from './end-client.ts';
import { TrtcRoom, type TrtcTicket } from './room.ts';
import { loadTrtcSdk, makeTrtcInstance, type TrtcInstance, type TrtcSdk } from './sdk.ts';

/** Loads the SDK before the first room needs it. */
export { loadTrtcSdk as preload } from './sdk.ts';

export interface TrtcEntry {
  readonly ticket: Ticket;
  readonly local: LocalMedia;
}

/**
 * An instance of the SDK that is made while a call rings. An agent's offer has a ticket: then `begin` enters the room,
 * and the room that is opened later goes on with that.
 */
export class PreparedTrtc implements PreparedMedia {
  readonly #instance: TrtcInstance;
  readonly #clock: Clock;
  readonly #ticketRoom: TrtcRoom | null = null;
  readonly #ticket: Ticket | null = null;
  readonly #opened: Promise<MediaRoomOptions<TrtcTicket>>;
  #markOpened!: (options: MediaRoomOptions<TrtcTicket>) => void;

  constructor(instance: TrtcInstance, entry?: TrtcEntry, clock: Clock = systemClock) {
    this.#instance = instance;
    this.#clock = clock;
    this.#opened = new Promise((resolve) => (this.#markOpened = resolve));
    const media = entry?.ticket.media;
    if (!entry || media?.provider !== 'trtc') return;
    const { room, participant: self } = (this.#ticket = entry.ticket);
    this.#ticketRoom = new TrtcRoom({
      ...{ ticket: media, self, room, local: entry.local, instance, clock },
      sendSignal: () => {},
      renewTicket: async () => (await this.#opened).renewTicket(),
    });
  }

  get room(): number | undefined {
    return this.#ticket?.room;
  }

  begin(): void {
    // Whoever opens the room calls `enter` too, and gets the same failure.
    this.#ticketRoom?.enter().catch(() => {});
  }

  /** The room with this instance. Another room than the ticket's begins anew. */
  open(options: MediaRoomOptions<TrtcTicket>): TrtcRoom {
    this.#markOpened(options);
    const { room, participant } = this.#ticket ?? {};
    if (this.#ticketRoom && room === options.room && participant === options.self)
      return this.#ticketRoom;
    const own = { ...options, clock: this.#clock };
    if (!this.#ticketRoom) return new TrtcRoom({ ...own, instance: this.#instance });
    // Its instance ends with it.
    this.close();
    return new TrtcRoom(own);
  }

  close(): void {
    if (this.#ticketRoom) void this.#ticketRoom.leave();
    else void endTrtcClient(this.#instance.client, this.#clock);
  }
}

/** Loads the SDK and makes an instance. Rejects if the SDK does not load. */
export async function prepareTrtc(
  entry?: TrtcEntry,
  load: () => Promise<TrtcSdk> = loadTrtcSdk,
): Promise<PreparedTrtc> {
  return new PreparedTrtc(makeTrtcInstance(await load()), entry);
}

/** `prepared` is what `prepareTrtc` made, or of other media, or nothing. */
export function openTrtcRoom(
  options: MediaRoomOptions<TrtcTicket>,
  prepared?: PreparedMedia | null,
): TrtcRoom {
  if (prepared instanceof PreparedTrtc) return prepared.open(options);
  prepared?.close();
  return new TrtcRoom(options);
}
