import { msg, str } from '@lit/localize';
import { LitElement, css, html, nothing, type PropertyValues } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { DeskRecords, PastRecording } from '../../../call/agent-desk-control.ts';
import { LocaleController } from '../../../locales/locale-controller.ts';
import { buttonStyles } from '../../parts/styles/button-styles.ts';
import { fieldStyles } from '../../parts/styles/field-styles.ts';
import { theme } from '../../parts/styles/theme.ts';
import { durationText } from '../../parts/texts/durations.ts';

/** Plays the recording of a past call. It asks for the files at a press, since the security log tells of each play. */
export class PastRecordingPlayer extends LitElement {
  static override styles = [
    theme,
    buttonStyles,
    fieldStyles,
    css`
      :host {
        display: grid;
        gap: 8px;
        justify-items: start;
      }
      video {
        inline-size: 100%;
        max-block-size: 60vh;
        border-radius: var(--_radius);
        background: #0b1014;
      }
      p {
        margin: 0;
      }
    `,
  ];

  @property({ attribute: false }) records: DeskRecords | null = null;
  @property({ attribute: false }) recording: PastRecording | null = null;

  /** Of its files; null before somebody plays. */
  @state() private addresses: readonly string[] | null = null;
  /** The index of the file that is shown. */
  @state() private shown = 0;
  @state() private busy = false;
  @state() private problem = false;

  constructor() {
    super();
    new LocaleController(this);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('recording')) return;
    if (changed.get('recording')?.id === this.recording?.id) return;
    this.addresses = null;
    this.shown = 0;
    this.problem = false;
  }

  protected override render() {
    const { recording, addresses, busy, problem } = this;
    if (!recording) return nothing;
    return html`${
      addresses
        ? this.#renderFile(recording, addresses)
        : html`<button class="button" type="button" ?disabled=${busy} @click=${this.#play}>
            ${msg('Play the recording')}
          </button>`
    }
    ${problem ? html`<p role="alert">${msg('The recording cannot be played.')}</p>` : nothing}`;
  }

  #renderFile({ files }: PastRecording, addresses: readonly string[]) {
    const address = addresses[this.shown] ?? '';
    return html`${
      // The desk's policy lets no video of another origin in.
      files[this.shown]?.cloud === 'vod'
        ? html`<a href=${address} target="_blank" rel="noopener noreferrer"
            >${msg('Watch it at Tencent VOD')}</a
          >`
        : html`<video
            src=${address}
            controls
            autoplay
            playsinline
            aria-label=${msg('Recording of the call')}
            @ended=${this.#playNext}
            @error=${this.#handleError}
          ></video>`
    }
    ${
      files.length > 1
        ? html`<label class="field"
            ><span>${msg('Part')}</span>
            <select @change=${this.#choosePart}>
              ${files.map(
                ({ seconds }, index) =>
                  html`<option value=${index} ?selected=${index === this.shown}>
                    ${msg(str`Part ${index + 1}`)} · ${durationText(seconds)}
                  </option>`,
              )}
            </select>
          </label>`
        : nothing
    }`;
  }

  readonly #play = async (): Promise<void> => {
    const { records, recording } = this;
    if (!records || !recording || this.busy) return;
    this.busy = true;
    this.problem = false;
    try {
      const addresses = await records.playRecording(recording);
      if (this.recording?.id === recording.id) this.addresses = addresses;
    } catch (error) {
      console.warn('rtc-desk: the recording cannot be played', error);
      this.problem = true;
    } finally {
      this.busy = false;
    }
  };

  readonly #choosePart = (event: Event): void => {
    this.shown = Number((event.target as HTMLSelectElement).value);
  };

  readonly #playNext = (): void => {
    if (this.shown + 1 < (this.recording?.files.length ?? 0)) this.shown++;
  };

  /** The addresses have expired, or the server is away: another press asks for new ones. */
  readonly #handleError = (): void => {
    this.addresses = null;
    this.problem = true;
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'rtc-past-recording': PastRecordingPlayer;
  }
}
