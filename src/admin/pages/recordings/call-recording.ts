import { localized, msg, str } from '@lit/localize';
import { LitElement, html, nothing } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { RecordingPage, RecordingSummary } from '../../../protocol/rest/recordings.ts';
import type { ConsoleContext } from '../../app/console-context.ts';
import { consoleStyles } from '../../parts/console-styles.ts';
import { Reading } from '../../parts/reading.ts';
import { dateTimeText, durationText } from '../../parts/time-texts.ts';
import { callRecordingStyles } from './call-recording-styles.ts';
import { recordingFailureText, recordingStateText } from './recording-texts.ts';

/** The recording of the call was read; null: the call has none. */
export class RecordingReadEvent extends Event {
  constructor(readonly recording: RecordingSummary | null) {
    super('recording-read');
  }
}

declare global {
  interface GlobalEventHandlersEventMap {
    'recording-read': RecordingReadEvent;
  }
}

/** The recording of a call, with a player. It shows nothing for a call without one. */
@localized()
export class CallRecording extends LitElement {
  static override styles = [consoleStyles, callRecordingStyles];

  @property({ attribute: false }) context!: ConsoleContext;
  /** The call's id. */
  @property({ attribute: false }) call = '';

  /** Which of its files is shown. */
  @state() private shown = 1;
  readonly #reading = new Reading<RecordingPage>(this, '/recordings', () => ({
    ...{ call: this.call, limit: '1' },
  }));

  /** What was told last. */
  #told: RecordingPage | null = null;

  protected override updated(): void {
    const { answer } = this.#reading;
    if (answer === this.#told) return;
    this.#told = answer;
    this.dispatchEvent(new RecordingReadEvent(answer?.items[0] ?? null));
  }

  protected override render() {
    const { answer, problem } = this.#reading;
    const recording = answer?.items[0];
    if (problem) return html`<div class="card" role="alert">${problem}</div>`;
    if (!recording) return nothing;
    const { state, failure, startedAt, hold } = recording;
    const facts = [
      recordingStateText(state),
      ...(startedAt === null ? [] : [dateTimeText(startedAt)]),
      ...(state === 'failed' ? [recordingFailureText(failure)].filter(Boolean) : []),
    ];
    return html`<section class="card">
      <h2>${msg('Recording')}</h2>
      <p class="quiet">
        ${facts.join(' · ')}
        ${hold ? html`<wa-badge variant="warning">${msg('Legal hold')}</wa-badge>` : nothing}
      </p>
      ${recording.files.length > 0 ? this.#renderPlayer(recording) : nothing}
    </section>`;
  }

  #renderPlayer({ id, files }: RecordingSummary) {
    const { rest, session } = this.context;
    const file = files.find(({ part }) => part === this.shown) ?? files[0]!;
    const address = `/recordings/${id}/file`;
    const mayExport = session.may['recordings-export'] !== 'none';
    return html`${
        files.length > 1
          ? html`<div class="parts" role="group" aria-label=${msg('Parts of the recording')}>
              ${files.map(
                ({ part, seconds }) =>
                  html`<button
                    type="button"
                    aria-pressed=${part === file.part}
                    @click=${() => (this.shown = part)}
                  >
                    ${msg(str`Part ${part}`)} · ${durationText(seconds)}
                  </button>`,
              )}
            </div>`
          : nothing
      }
      <video
        controls
        preload="metadata"
        src=${rest.address(address, { part: file.part })}
        aria-label=${msg('Recording of the call')}
      ></video>
      <div class="row">
        <label>
          ${msg('Speed')}
          <select @change=${this.#changeSpeed}>
            ${[1, 1.25, 1.5, 2].map((speed) => html`<option value=${speed}>${speed}×</option>`)}
          </select>
        </label>
        ${
          mayExport
            ? html`<div class="actions">
                <wa-button
                  appearance="outlined"
                  size="s"
                  href=${rest.address(address, { part: file.part, download: true })}
                  download
                >
                  <wa-icon slot="start" name="download"></wa-icon>${msg('Save the recording')}
                </wa-button>
                <rtc-share-link
                  .context=${this.context}
                  .path=${`/recordings/${id}/links`}
                  .call=${this.call}
                  .size=${'s'}
                ></rtc-share-link>
              </div>`
            : nothing
        }
      </div>`;
  }

  readonly #changeSpeed = (event: Event): void => {
    const video = this.renderRoot.querySelector('video');
    if (video) video.playbackRate = Number((event.target as HTMLSelectElement).value);
  };
}
