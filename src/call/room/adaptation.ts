import type { LocalMedia } from '../../media/local-media.ts';
import type { MediaSnapshot } from '../../media/media.ts';
import type { Cancellation } from '../../platform/cancellation.ts';
import type { Platform } from '../../platform/platform.ts';
import { RtcDeskError } from '../../protocol/errors.ts';
import type { VideoProfile } from '../../protocol/video-profile.ts';
import { VIDEO_PROFILES } from '../../protocol/video-profiles.ts';
import type { Ticket } from '../../protocol/views.ts';
import type {
  AdaptationControl,
  MediaModeSnapshot,
  RoomSnapshot,
  ToolMessage,
} from '../room-control.ts';
import type { RoomLink } from './link.ts';
import type { MediaModes } from './media-mode/media-modes.ts';

export interface MediaAdaptationOptions {
  readonly local: LocalMedia;
  readonly platform: Platform;
  readonly link: RoomLink;
  /** Cancelled when the room is left. */
  readonly left: Cancellation;
  /** The newest one. */
  readonly ticket: () => Ticket;
  readonly media: () => MediaSnapshot | null;
  readonly snapshot: () => RoomSnapshot;
  /** To everybody else in the room. */
  readonly tell: (message: ToolMessage) => void;
  readonly show: (mode: MediaModeSnapshot) => void;
}

/**
 * Adapts this person's media: to the site's media profiles, to an agent's request for a sharper picture, and to the network.
 * Its code is loaded when the first of these is needed. The part for the network is loaded when it is bad for the first
 * time.
 */
export class MediaAdaptation implements AdaptationControl {
  readonly #options: MediaAdaptationOptions;
  #detail = false;
  #modes: Promise<MediaModes> | null = null;

  constructor(options: MediaAdaptationOptions) {
    this.#options = options;
    const { local, left } = options;
    if (left.cancelled) throw new RtcDeskError('conflict');
    const stop = local.subscribe(() => this.#hint());
    left.onCancel(() => {
      stop();
      local.adapt({ profile: undefined, capture: undefined, held: undefined });
    });
  }

  /** The profile of a new ticket. */
  handleTicket(): void {
    void this.#applyProfile();
  }

  setDetail(on: boolean): Promise<void> {
    this.#detail = on;
    return this.#applyProfile();
  }

  /** From now on, until the room is left. */
  watchNetwork(): void {
    this.#openModes().catch(() => {
      // The code could not be loaded. The next update of a bad network loads it again.
    });
  }

  handleMessage(from: string, message: ToolMessage): void {
    this.#openModes().then(
      (modes) => modes.handleMessage(from, message),
      () => {
        // As above: the message comes again.
      },
    );
  }

  async askForCallback(): Promise<void> {
    await (await this.#openModes()).askForCallback();
  }

  async #applyProfile(): Promise<void> {
    const { local, platform, ticket } = this.#options;
    const site = ticket().video?.[platform.page.phone ? 'phone' : 'computer'];
    const profile: VideoProfile | undefined = this.#detail ? VIDEO_PROFILES.detail : site;
    const { profile: before, camera } = local.getSnapshot();
    if (JSON.stringify(before) === JSON.stringify(profile)) return;
    const capture = captureOf(profile ?? VIDEO_PROFILES.standard);
    local.adapt({ profile, capture });
    await camera.track?.applyConstraints(capture).catch(() => {
      // The camera goes on as it is, and the encoder keeps to the bitrate and the frame rate.
    });
  }

  /** Tells the encoder what to keep of this camera, or of the one that was opened after it. */
  #hint(): void {
    const { camera, profile } = this.#options.local.getSnapshot();
    const hint = profile?.prefer === 'sharpness' ? 'detail' : '';
    // A browser without hints gets a property that it does not know.
    if (camera.track && camera.track.contentHint !== hint) camera.track.contentHint = hint;
  }

  #openModes(): Promise<MediaModes> {
    return (this.#modes ??= this.#loadModes());
  }

  async #loadModes(): Promise<MediaModes> {
    try {
      const { MediaModes } = await import('./media-mode/media-modes.ts');
      const { platform, link, ticket, snapshot, media, show, ...rest } = this.#options;
      if (rest.left.cancelled) throw new RtcDeskError('conflict');
      const { room, participant, role } = ticket();
      const callBack = () =>
        link.request<'end-with-callback'>({ type: 'end-with-callback', room, participant });
      return new MediaModes({
        ...rest,
        clock: platform.clock,
        read: () => {
          const { mediaError, signaling, people } = snapshot();
          const others = people.filter(({ self }) => !self).map(({ id }) => id);
          return { media: media(), failed: !!mediaError, online: signaling === 'online', others };
        },
        callBack: role === 'guest' ? null : callBack,
        onChange: show,
      });
    } catch (error) {
      this.#modes = null;
      throw error;
    }
  }
}

const captureOf = ({ height, frameRate }: VideoProfile): MediaTrackConstraints => ({
  width: { ideal: Math.round((height * 16) / 9) },
  height: { ideal: height },
  frameRate: { ideal: frameRate },
});
