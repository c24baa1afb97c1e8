import { localized, msg, str } from '@lit/localize';
import { LitElement, html, nothing, type PropertyValues } from 'lit';
import { property, query, queryAll, state } from 'lit/decorators.js';
import type { CallRecord, Transcript } from '../../../protocol/rest/calls.ts';
import type { Recording } from '../../../protocol/rest/recordings.ts';
import type { ConsoleContext } from '../../app/console-context.ts';
import { consoleStyles } from '../../parts/console-styles.ts';
import { durationText } from '../../parts/time-texts.ts';
import type { GoToEvent } from './go-to-event.ts';
import { groupParts, momentOf, placeOf, type FilePlace } from './recording-clock.ts';
import { recordingPlayerStyles } from './recording-player-styles.ts';
import type { RecordingTimeline } from './recording-timeline.ts';

/** Streams that are further apart than this are set again. */
const MAX_DRIFT_S = 0.3;

/** The part that is played has changed. */
export class PartEvent extends Event {
  constructor(readonly part: number) {
    super('part-change');
  }
}

/**
 * Plays a recording: its parts one after another, and those that were recorded at the same time side by side and in
 * step. Below it the time line of the call.
 */
@localized()
export class RecordingPlayer extends LitElement {
  static override styles = [consoleStyles, recordingPlayerStyles];

  @property({ attribute: false }) context!: ConsoleContext;
  @property({ attribute: false }) recording!: Recording;
  /** Without it there is no time line. */
  @property({ attribute: false }) call: CallRecord | null = null;
  @property({ attribute: false }) transcript: Transcript | null = null;

  /** The index of the group of parts that is shown. */
  @state() private shown = 0;
  @state() private speed = 1;
  @query('video') private leader!: HTMLVideoElement | null;
  @queryAll('video') private videos!: NodeListOf<HTMLVideoElement>;
  @query('rtc-recording-timeline') private timeline!: RecordingTimeline | null;
  #groups: readonly (readonly number[])[] = [];
  /** Where to go once the video of another part is loaded. */
  #next: { readonly seconds: number; readonly play: boolean } | null = null;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('recording')) return;
    const { manifest, files } = this.recording;
    const found = manifest ? groupParts(manifest.segments) : [];
    const grouped = new Set(found.flat());
    // A file of which the manifest knows no moment is played all the same.
    this.#groups = [...found, ...files.flatMap(({ part }) => (grouped.has(part) ? [] : [[part]]))];
    this.shown = 0;
  }

  protected override render() {
    const { recording, context } = this;
    const parts = this.#groups[this.shown] ?? [];
    const several = parts.length > 1;
    const { manifest } = recording;
    const file = recording.files.find(({ part }) => part === parts[0]);
    // A page of another origin: the console's policy lets no video of it in.
    if (file?.cloud === 'vod') {
      return html`${this.#groups.length > 1 ? this.#renderParts() : nothing}
        <p>
          <a
            href=${context.rest.address(`/recordings/${recording.id}/file`, { part: file.part })}
            target="_blank"
            rel="noopener"
            >${msg('Watch it at Tencent VOD')}</a
          >
        </p>`;
    }
    return html`${this.#groups.length > 1 ? this.#renderParts() : nothing}
      <div
        class="videos ${several ? 'several' : ''}"
        role=${several ? 'group' : nothing}
        aria-label=${several ? msg('Recorded at the same time') : nothing}
      >
        ${parts.map(
          (part, index) =>
            html`<video
              ?controls=${index === 0}
              preload="metadata"
              src=${context.rest.address(`/recordings/${recording.id}/file`, { part })}
              aria-label=${several ? msg(str`Recording of the call, stream ${index + 1}`) : msg('Recording of the call')}
              @loadedmetadata=${index === 0 ? this.#handleLoaded : this.#follow}
              @timeupdate=${index === 0 ? this.#follow : nothing}
              @seeking=${index === 0 ? this.#follow : nothing}
              @play=${index === 0 ? this.#follow : nothing}
              @pause=${index === 0 ? this.#follow : nothing}
              @ratechange=${index === 0 ? this.#follow : nothing}
              @volumechange=${index === 0 ? this.#follow : nothing}
              @ended=${index === 0 ? this.#handleEnded : nothing}
            ></video>`,
        )}
      </div>
      <div class="parts">
        <label>
          ${msg('Speed')}
          <select @change=${this.#changeSpeed}>
            ${[0.5, 1, 1.25, 1.5, 2].map(
              (speed) =>
                html`<option value=${speed} ?selected=${speed === this.speed}>${speed}×</option>`,
            )}
          </select>
        </label>
      </div>
      ${
        manifest && this.call && this.transcript
          ? html`<rtc-recording-timeline
              .context=${context}
              .manifest=${manifest}
              .groups=${this.#groups}
              .call=${this.call}
              .transcript=${this.transcript}
              @go-to=${(event: GoToEvent) => this.#goTo(event.place)}
            ></rtc-recording-timeline>`
          : nothing
      }`;
  }

  #renderParts() {
    const lengths = new Map(this.recording.files.map(({ part, seconds }) => [part, seconds]));
    return html`<div class="parts" role="group" aria-label=${msg('Parts of the recording')}>
      ${this.#groups.map((parts, index) => {
        const seconds = Math.max(...parts.map((part) => lengths.get(part) ?? 0));
        return html`<button
          type="button"
          aria-pressed=${index === this.shown}
          @click=${() => this.#show(index)}
        >
          ${msg(str`Part ${index + 1}`)} · ${durationText(seconds)}
        </button>`;
      })}
    </div>`;
  }

  protected override updated(changed: PropertyValues): void {
    for (const video of this.videos) video.playbackRate = this.speed;
    if (changed.has('shown' as keyof this)) {
      this.dispatchEvent(new PartEvent(this.#groups[this.shown]?.[0] ?? 1));
      this.#tellPosition();
    }
  }

  #show(index: number): void {
    this.#next = null;
    this.shown = index;
  }

  /** Goes to a place, in another part if need be. What plays goes on playing. */
  #goTo({ part, seconds }: FilePlace): void {
    const index = this.#groups.findIndex((parts) => parts.includes(part));
    const { leader } = this;
    if (index === -1 || !leader) return;
    const target = this.#placeOfLeader(index, { part, seconds });
    if (index === this.shown && leader.readyState > 0) {
      leader.currentTime = target;
      this.#tellPosition(target);
      return;
    }
    this.#next = { seconds: target, play: !leader.paused };
    if (index === this.shown) leader.load();
    else this.shown = index;
  }

  /** The place in the first part of the group. */
  #placeOfLeader(index: number, place: FilePlace): number {
    const { manifest } = this.recording;
    const first = this.#groups[index]![0]!;
    const moment = manifest && momentOf(manifest.segments, place);
    if (place.part === first || !manifest || moment === null) return place.seconds;
    return placeOf(manifest.segments, moment, first)?.seconds ?? place.seconds;
  }

  readonly #handleLoaded = (): void => {
    const { leader } = this;
    const next = this.#next;
    this.#next = null;
    if (leader && next) {
      leader.currentTime = next.seconds;
      if (next.play) void play(leader);
    }
    this.#follow();
  };

  readonly #handleEnded = (): void => {
    if (this.shown >= this.#groups.length - 1) return;
    this.#next = { seconds: 0, play: true };
    this.shown += 1;
  };

  /** Keeps the other streams in step with the first one, and tells the time line. */
  readonly #follow = (): void => {
    const { leader } = this;
    const parts = this.#groups[this.shown];
    const { manifest } = this.recording;
    if (!leader || !parts) return;
    this.speed = leader.playbackRate;
    this.#tellPosition();
    const segments = manifest?.segments ?? [];
    const moment = momentOf(segments, { part: parts[0]!, seconds: leader.currentTime });
    [...this.videos].forEach((video, index) => {
      if (video === leader || moment === null) return;
      const place = placeOf(segments, moment, parts[index]);
      Object.assign(video, { volume: leader.volume, muted: leader.muted });
      if (video.playbackRate !== leader.playbackRate) video.playbackRate = leader.playbackRate;
      if (place && Math.abs(video.currentTime - place.seconds) > MAX_DRIFT_S) {
        video.currentTime = place.seconds;
      }
      if (leader.paused || !place?.recorded) video.pause();
      else if (video.paused) void play(video);
    });
  };

  #tellPosition(seconds = this.leader?.currentTime ?? 0): void {
    const part = this.#groups[this.shown]?.[0];
    if (this.timeline && part !== undefined) this.timeline.position = { part, seconds };
  }

  readonly #changeSpeed = (event: Event): void => {
    this.speed = Number((event.target as HTMLSelectElement).value);
  };
}

/** Without the person’s leave a browser refuses. Then the person presses the button. */
async function play(video: HTMLVideoElement): Promise<void> {
  await video.play().catch(() => undefined);
}
