import { localized, msg } from '@lit/localize';
import { LitElement, html, nothing } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { CallRecord, Transcript } from '../../../protocol/rest/calls.ts';
import type {
  Recording,
  RecordingPage,
  RecordingSummary,
} from '../../../protocol/rest/recordings.ts';
import type { ConsoleContext } from '../../app/console-context.ts';
import { consoleStyles } from '../../parts/console-styles.ts';
import { Reading } from '../../parts/reading.ts';
import { dateTimeText } from '../../parts/time-texts.ts';
import { callRecordingStyles } from './call-recording-styles.ts';
import type { PartEvent } from './recording-player.ts';
import { moveFailureText, recordingFailureText, recordingStateText } from './recording-texts.ts';

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
  @property({ attribute: false }) call!: CallRecord;
  /** Null: the person may not read it. */
  @property({ attribute: false }) transcript: Transcript | null = null;

  /** Which of its files is shown. */
  @state() private shown = 1;
  readonly #reading = new Reading<RecordingPage>(this, '/recordings', () => ({
    ...{ call: this.call.id, limit: '1' },
  }));
  /** With its manifest, once there is something to play. */
  readonly #whole = new Reading<Recording>(this, () => {
    const recording = this.#reading.answer?.items[0];
    return recording && recording.files.length > 0 ? `/recordings/${recording.id}` : null;
  });

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
    const { state, failure, moveFailure, startedAt, hold } = recording;
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
      ${
        moveFailure === null
          ? nothing
          : html`<p class="quiet" role="status">${moveFailureText(moveFailure)}</p>`
      }
      ${recording.files.length > 0 ? this.#renderPlayer(recording) : nothing}
    </section>`;
  }

  #renderPlayer(recording: RecordingSummary) {
    const { context, shown } = this;
    const { rest, session } = context;
    const whole = this.#whole.answer;
    const mayExport = session.may['recordings-export'] !== 'none';
    return html`${
      whole?.id === recording.id
        ? html`<rtc-recording-player
            .context=${context}
            .recording=${whole}
            .call=${this.call}
            .transcript=${this.transcript}
            @part-change=${({ part }: PartEvent) => (this.shown = part)}
          ></rtc-recording-player>`
        : nothing
    }
    ${this.#whole.problem ? html`<p role="alert">${this.#whole.problem}</p>` : nothing}
    ${
      mayExport
        ? html`<div class="actions">
            <wa-button
              appearance="outlined"
              size="s"
              href=${rest.address(`/recordings/${recording.id}/file`, { part: shown, download: true })}
              download
            >
              <wa-icon slot="start" name="download"></wa-icon>${msg('Save the recording')}
            </wa-button>
            <rtc-share-link
              .context=${context}
              .path=${`/recordings/${recording.id}/links`}
              .call=${this.call.id}
              .size=${'s'}
            ></rtc-share-link>
          </div>`
        : nothing
    }`;
  }
}
