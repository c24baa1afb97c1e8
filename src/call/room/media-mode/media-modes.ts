import type { LocalMedia, SourceName } from '../../../media/local-media.ts';
import type { MediaSnapshot, Quality } from '../../../media/media.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Cancellation } from '../../../platform/cancellation.ts';
import type { MediaModeSnapshot, ToolMessage } from '../../room-control.ts';
import { FIRST_STATE, MODES, nextMode, worstMode, type MediaMode } from './next-mode.ts';

/** As often as the media measure their quality. */
const TICK_MS = 2_000;
/** A mode is told again after this time, because a message may be lost, and forgotten where it is not told any more. */
const TELL_MS = 10_000;
const TOLD_HOLDS_MS = 30_000;
/** A connection that is interrupted for so long is not only slow. */
const BROKEN_MS = 20_000;
/** After this time without media, or without signaling in the mode `chat`, a callback is offered. */
const HOPELESS_MS = 40_000;
const CHAT_STUCK_MS = 20_000;
/** How long the notice stands that it is better. */
const IMPROVED_SHOWN_MS = 8_000;

const HELD: Readonly<Record<MediaMode, readonly SourceName[]>> = {
  video: [],
  audio: ['camera', 'screen'],
  chat: ['camera', 'screen', 'microphone'],
};

/** What the room knows at a tick. */
export interface MediaCondition {
  /** Null: there are none. */
  readonly media: MediaSnapshot | null;
  /** The media were given up. */
  readonly failed: boolean;
  readonly online: boolean;
  /** The participants of the others. */
  readonly others: readonly string[];
}

export interface MediaModesOptions {
  readonly local: LocalMedia;
  readonly clock: Clock;
  /** Cancelled when the room is left. */
  readonly left: Cancellation;
  readonly read: () => MediaCondition;
  /** To everybody else in the room. */
  readonly tell: (message: ToolMessage) => void;
  /** Null where nobody can be called back, as in a room that belongs to no call. Rejects with an RtcDeskError. */
  readonly callBack: (() => Promise<unknown>) | null;
  readonly onChange: (snapshot: MediaModeSnapshot) => void;
}

/**
 * Gives up pictures, then sound, while the network does not carry them, and sends them again when it does. In a call of
 * two both do what the worse side needs: each tells the other its own mode, and holds back for the other as well. Among
 * more people each one only holds back what they send.
 */
export class MediaModes {
  readonly #options: MediaModesOptions;
  #state = FIRST_STATE;
  readonly #told = new Map<string, { readonly mode: MediaMode; readonly at: number }>();
  #lastTold: { readonly mode: MediaMode; readonly at: number } = { mode: 'video', at: 0 };
  #brokenFor = 0;
  #offlineFor = 0;
  #improvedAt: number | null = null;
  #callback: MediaModeSnapshot['callback'] = 'none';
  #snapshot: MediaModeSnapshot = { mode: 'video', improved: false, callback: 'none' };
  #cancel: () => void;

  constructor(options: MediaModesOptions) {
    this.#options = options;
    this.#cancel = options.clock.after(TICK_MS, this.#tick);
    options.left.onCancel(() => this.#cancel());
    options.onChange(this.#snapshot);
    this.#follow();
  }

  /** Another participant's mode. Another client may send anything. */
  handleMessage(from: string, { mode }: ToolMessage): void {
    if (!MODES.includes(mode as MediaMode)) return;
    this.#told.set(from, { mode: mode as MediaMode, at: this.#options.clock.now() });
    this.#follow();
  }

  /** Ends the call, and has the visitor called back. It is sent as soon as there is a connection. */
  async askForCallback(): Promise<void> {
    const { callBack } = this.#options;
    if (!callBack || this.#callback === 'asked') return;
    this.#callback = 'asked';
    this.#follow();
    try {
      await callBack();
    } catch {
      this.#callback = 'failed';
      this.#follow();
    }
  }

  readonly #tick = (): void => {
    this.#cancel = this.#options.clock.after(TICK_MS, this.#tick);
    const { media, online } = this.#options.read();
    const broken = isBroken(media);
    this.#brokenFor = broken ? this.#brokenFor + TICK_MS : 0;
    this.#offlineFor = online ? 0 : this.#offlineFor + TICK_MS;
    if (!broken && media) this.#state = nextMode(this.#state, worstQuality(media), TICK_MS);
    this.#follow();
  };

  #follow(): void {
    const { local, clock, callBack, read, onChange } = this.#options;
    const { failed, others } = read();
    const now = clock.now();
    const lost = failed || this.#brokenFor >= BROKEN_MS;
    const own = lost ? 'chat' : this.#state.mode;
    this.#tell(own, now);
    const theirs = others.length === 1 ? this.#modeOf(others[0]!, now) : 'video';
    const mode = worstMode([own, theirs]);
    // Lost media come back by themselves, and then with sound at once.
    const held = HELD[worstMode([this.#state.mode, theirs])];
    if ((local.getSnapshot().held ?? []).join() !== held.join()) local.adapt({ held });
    const { mode: before } = this.#snapshot;
    if (MODES.indexOf(mode) < MODES.indexOf(before)) this.#improvedAt = now;
    else if (mode !== before) this.#improvedAt = null;
    const hopeless =
      failed ||
      this.#brokenFor >= HOPELESS_MS ||
      (mode === 'chat' && this.#offlineFor >= CHAT_STUCK_MS);
    const offered = callBack && hopeless ? 'offered' : 'none';
    const callback = ['asked', 'failed'].includes(this.#callback) ? this.#callback : offered;
    const improved = this.#improvedAt !== null && now - this.#improvedAt < IMPROVED_SHOWN_MS;
    const snapshot = { mode, improved, callback };
    if (JSON.stringify(snapshot) === JSON.stringify(this.#snapshot)) return;
    this.#snapshot = Object.freeze(snapshot);
    onChange(this.#snapshot);
  }

  #tell(mode: MediaMode, now: number): void {
    const { mode: before, at } = this.#lastTold;
    if (mode === before && (mode === 'video' || now - at < TELL_MS)) return;
    this.#lastTold = { mode, at: now };
    this.#options.tell({ tool: 'media-mode', mode });
  }

  #modeOf(participant: string, now: number): MediaMode {
    const told = this.#told.get(participant);
    return told && now - told.at < TOLD_HOLDS_MS ? told.mode : 'video';
  }
}

/** Nobody's media arrive who is in the room. */
const isBroken = (media: MediaSnapshot | null): boolean =>
  media?.state === 'reconnecting' ||
  (!!media &&
    media.remotes.length > 0 &&
    media.remotes.every(({ state }) => state !== 'connected'));

/** Of both directions, if possible without what a busy device spoils; 0 if nothing is known. */
function worstQuality({ quality, remotes }: MediaSnapshot): Quality {
  const all = remotes.flatMap((one) =>
    one.carried === undefined ? [quality, one.quality] : [one.carried],
  );
  const known = all.filter((one) => one > 0);
  return known.length === 0 ? 0 : (Math.min(...known) as Quality);
}
