import { localized, msg, str } from '@lit/localize';
import { LitElement, html, nothing, svg, type PropertyValues } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type { CallRecord, Transcript } from '../../../protocol/rest/calls.ts';
import type { RecordingManifest } from '../../../protocol/rest/recordings.ts';
import type { ConsoleContext } from '../../app/console-context.ts';
import { consoleStyles } from '../../parts/console-styles.ts';
import { durationText } from '../../parts/time-texts.ts';
import { momentOf, placeOf, type FilePlace } from './recording-clock.ts';
import { GoToEvent } from './go-to-event.ts';
import { recordingPlayerStyles } from './recording-player-styles.ts';
import {
  currentEntry,
  ENTRY_KINDS,
  timelineEntries,
  type EntryKind,
  type TimelineEntry,
} from './timeline-entries.ts';

/** The track is drawn in these units, and stretched to its width. */
const WIDTH = 1000;
const LANE = 11;
/** Half of the width of a mark that takes a press. */
const PRESS_PX = 6;
const STEP_S = 5;
const PAGE_S = 30;

/**
 * The time line of a recording: a track with a lane for each kind of entry, and the entries as a list. A press on either
 * asks with `go-to` for the place.
 */
@localized()
export class RecordingTimeline extends LitElement {
  static override styles = [consoleStyles, recordingPlayerStyles];

  @property({ attribute: false }) context!: ConsoleContext;
  @property({ attribute: false }) manifest!: RecordingManifest;
  /** The parts as they are played (`groupParts`). */
  @property({ attribute: false }) groups: readonly (readonly number[])[] = [];
  @property({ attribute: false }) call!: CallRecord;
  @property({ attribute: false }) transcript!: Transcript;
  /** What is played now. */
  @property({ attribute: false }) position: FilePlace = { part: 1, seconds: 0 };

  @state() private hiddenKinds: ReadonlySet<EntryKind> = new Set();
  @query('.track') private track!: HTMLElement;
  @query('ol') private list!: HTMLElement | null;
  #entries: readonly TimelineEntry[] = [];
  #current: TimelineEntry | null = null;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('call') || changed.has('transcript') || changed.has('manifest')) {
      this.#entries = timelineEntries(this.call, this.transcript, this.manifest);
    }
    this.#current = currentEntry(this.#shown, momentOf(this.manifest.segments, this.position));
  }

  get #shown(): readonly TimelineEntry[] {
    return this.#entries.filter(({ kind }) => !this.hiddenKinds.has(kind));
  }

  protected override render() {
    const { segments } = this.manifest;
    const total = this.#total;
    const now = this.#offsetOf(this.position);
    const current = this.#current;
    const said = current
      ? ` · ${current.from ? `${current.from}: ` : ''}${entryText(current)}`
      : '';
    return html`<div
        class="track"
        role="slider"
        tabindex="0"
        aria-label=${msg('Time line')}
        aria-valuemin="0"
        aria-valuemax=${Math.round(total)}
        aria-valuenow=${Math.round(now)}
        aria-valuetext="${msg(str`${durationText(now)} of ${durationText(total)}`)}${said}"
        @click=${this.#handlePress}
        @keydown=${this.#handleKeydown}
      >
        <svg
          viewBox="0 0 ${WIDTH} ${LANE * ENTRY_KINDS.length}"
          preserveAspectRatio="none"
          aria-hidden="true"
        >
          ${this.groups.slice(1).map((parts) => {
            const x = this.#x(this.#offsetOf({ part: parts[0]!, seconds: 0 }));
            return svg`<rect class="seam" x=${x - 1} y="0" width="2" height=${LANE * ENTRY_KINDS.length} />`;
          })}
          ${this.#shown.map(
            ({ kind, place }) =>
              svg`<rect class=${kind} x=${this.#x(this.#offsetOf(place)) - 2} y=${ENTRY_KINDS.indexOf(kind) * LANE + 2}
                width="4" height=${LANE - 4} />`,
          )}
          ${svg`<rect class="position" x=${this.#x(now) - 1} y="0" width="2" height=${LANE * ENTRY_KINDS.length} />`}
        </svg>
      </div>
      <div class="kinds" role="group" aria-label=${msg('What the time line shows')}>
        ${ENTRY_KINDS.filter((kind) => this.#entries.some((entry) => entry.kind === kind)).map(
          (kind) =>
            html`<label>
              <input
                type="checkbox"
                .checked=${!this.hiddenKinds.has(kind)}
                @change=${() => this.#toggle(kind)}
              />
              ${swatch(kind)} ${kindText(kind)}
            </label>`,
        )}
      </div>
      ${
        segments.length > 0 && this.#shown.length > 0
          ? html`<ol aria-label=${msg('Moments of the call')}>
              ${this.#shown.map((entry) => this.#renderEntry(entry))}
            </ol>`
          : nothing
      }`;
  }

  #renderEntry(entry: TimelineEntry) {
    const { id, kind, place, from, language, picture } = entry;
    return html`<li>
      <button
        type="button"
        class="entry"
        data-entry=${id}
        aria-current=${entry === this.#current ? 'true' : nothing}
        @click=${() => this.#goTo(place)}
      >
        ${swatch(kind)}
        <time>${durationText(this.#offsetOf(place))}</time>
        <span>
          <span class="visually-hidden">${kindText(kind)}:</span>
          ${from ? html`<span class="from">${from}</span>` : nothing}
          <span lang=${language ?? nothing}>${entryText(entry)}</span>
          ${place.recorded || kind === 'event' ? nothing : html`<span class="quiet">(${msg('not recorded')})</span>`}
          ${
            picture === null
              ? nothing
              : html`<img
                  src=${this.context.rest.address(`/calls/${this.call.id}/pictures/${picture}`)}
                  loading="lazy"
                  alt=""
                />`
          }
        </span>
      </button>
    </li>`;
  }

  protected override updated(): void {
    const { list } = this;
    // Whoever reads in the list is left alone.
    if (!list || list.matches(':hover, :focus-within')) return;
    const current = list.querySelector<HTMLElement>('[aria-current]');
    if (!current) return;
    const { offsetTop: top, offsetHeight: height } = current;
    const seen = top >= list.scrollTop && top + height <= list.scrollTop + list.clientHeight;
    if (!seen) list.scrollTop = top - (list.clientHeight - height) / 2;
  }

  // ---- places ----------------------------------------------------------------------------------

  #length(part: number): number {
    const file = this.manifest.files.find((one) => one.part === part);
    return (file?.durationMs ?? 0) / 1000;
  }

  /** Of a group: its first part leads. */
  #groupLength(parts: readonly number[]): number {
    return this.#length(parts[0]!);
  }

  get #total(): number {
    return this.groups.reduce((sum, parts) => sum + this.#groupLength(parts), 0);
  }

  /** Seconds from the beginning of the first part. */
  #offsetOf({ part, seconds }: FilePlace): number {
    const { segments } = this.manifest;
    const index = Math.max(
      this.groups.findIndex((parts) => parts.includes(part)),
      0,
    );
    const before = this.groups
      .slice(0, index)
      .reduce((sum, one) => sum + this.#groupLength(one), 0);
    const leader = this.groups[index]?.[0];
    if (leader === undefined || leader === part) return before + seconds;
    const moment = momentOf(segments, { part, seconds });
    return before + ((moment !== null && placeOf(segments, moment, leader)?.seconds) || 0);
  }

  #placeAt(offset: number): FilePlace {
    let left = Math.min(Math.max(offset, 0), this.#total);
    for (const parts of this.groups) {
      const length = this.#groupLength(parts);
      if (left <= length || parts === this.groups.at(-1)) return { part: parts[0]!, seconds: left };
      left -= length;
    }
    return this.position;
  }

  #x(offset: number): number {
    return this.#total === 0 ? 0 : (offset / this.#total) * WIDTH;
  }

  // ---- what the person does --------------------------------------------------------------------

  #goTo(place: FilePlace): void {
    this.dispatchEvent(new GoToEvent({ part: place.part, seconds: place.seconds }));
  }

  #toggle(kind: EntryKind): void {
    const hidden = new Set(this.hiddenKinds);
    if (!hidden.delete(kind)) hidden.add(kind);
    this.hiddenKinds = hidden;
  }

  /** A press on or beside a mark goes to its entry. */
  readonly #handlePress = ({ clientX, clientY }: MouseEvent): void => {
    const { left, top, width, height } = this.track.getBoundingClientRect();
    const kind = ENTRY_KINDS[Math.floor(((clientY - top) / height) * ENTRY_KINDS.length)];
    const distance = ({ place }: TimelineEntry) =>
      Math.abs((this.#x(this.#offsetOf(place)) / WIDTH) * width - (clientX - left));
    const [near] = this.#shown
      .filter((entry) => entry.kind === kind && distance(entry) <= PRESS_PX)
      .sort((a, b) => distance(a) - distance(b));
    this.#goTo(near?.place ?? this.#placeAt(((clientX - left) / width) * this.#total));
  };

  readonly #handleKeydown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const now = this.#offsetOf(this.position);
    const keys: Record<string, number> = {
      ArrowRight: now + STEP_S,
      ArrowUp: now + STEP_S,
      ArrowLeft: now - STEP_S,
      ArrowDown: now - STEP_S,
      PageUp: now + PAGE_S,
      PageDown: now - PAGE_S,
      Home: 0,
      End: this.#total,
    };
    const target = keys[event.key];
    if (target === undefined) return;
    event.preventDefault();
    this.#goTo(this.#placeAt(target));
  };
}

function entryText({ text, picture }: TimelineEntry): string {
  return picture === null ? text : msg('Picture in the conversation');
}

function kindText(kind: EntryKind): string {
  switch (kind) {
    case 'event':
      return msg('Events');
    case 'chat':
      return msg('Chat');
    case 'picture':
      return msg('Pictures');
    case 'caption':
      return msg('Captions');
  }
}

const swatch = (kind: EntryKind) =>
  html`<svg class="swatch" viewBox="0 0 10 10" aria-hidden="true">
    <rect class=${kind} width="10" height="10" rx="2" />
  </svg>`;
