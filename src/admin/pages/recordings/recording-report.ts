import { localized, msg, str } from '@lit/localize';
import { LitElement, css, html, nothing } from 'lit';
import { property } from 'lit/decorators.js';
import type { RecordingReport } from '../../../protocol/rest/recordings.ts';
import type { ConsoleContext } from '../../app/console-context.ts';
import { consoleStyles } from '../../parts/console-styles.ts';
import { Reading } from '../../parts/reading.ts';
import { dateTimeText } from '../../parts/time-texts.ts';
import { recordingFailureText, recordingStateText } from './recording-texts.ts';

/** The calls that the notice names; the list has all of them. */
const MAX_NAMED = 5;

/** How many recordings there are, and a notice of calls that talked unrecorded where everything is to be recorded. */
@localized()
export class RecordingReportElement extends LitElement {
  static override styles = [
    consoleStyles,
    css`
      :host {
        display: block;
        margin-bottom: 16px;
      }
      dl {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(120px, 1fr));
        gap: 12px;
        margin: 0;
      }
      dl div {
        padding: 12px 16px;
        border: 1px solid var(--wa-color-surface-border);
        border-radius: 12px;
        background: var(--wa-color-surface-default);
      }
      dt {
        color: var(--wa-color-text-quiet);
        font-size: 13.5px;
      }
      dd {
        margin: 0;
        font-size: 24px;
        font-variant-numeric: tabular-nums;
      }
      .notice {
        margin-top: 12px;
        padding: 12px 16px;
        border: 1px solid var(--wa-color-danger-border-normal);
        border-radius: 12px;
        background: var(--wa-color-danger-fill-quiet);
      }
      .notice p {
        font-weight: 600;
      }
      ul {
        margin: 6px 0 0;
        padding-inline-start: 20px;
      }
    `,
  ];

  @property({ attribute: false }) context!: ConsoleContext;
  /** The filters of the list: `from` and `to` in ms since 1970, `group`; '' for all. */
  @property({ attribute: false }) period: Readonly<Record<string, string>> = {};

  readonly #reading = new Reading<RecordingReport>(this, '/recordings/report', () => this.period);

  protected override render() {
    const { answer, problem } = this.#reading;
    if (problem) return html`<div class="notice" role="alert">${problem}</div>`;
    if (!answer) return nothing;
    const figures: [string, number][] = [
      [msg('Recorded'), answer.recorded],
      [msg('Waiting for upload'), answer.waiting],
      [msg('In calls now'), answer.live],
      [msg('Failed'), answer.failed],
      [msg('Refused'), answer.refused],
    ];
    return html`<dl>
        ${figures.map(
          ([name, count]) =>
            html`<div>
              <dt>${name}</dt>
              <dd>${count}</dd>
            </div>`,
        )}
      </dl>
      ${answer.unrecorded > 0 ? this.#renderNotice(answer) : nothing}`;
  }

  #renderNotice({ unrecorded, unrecordedCalls }: RecordingReport) {
    const named = unrecordedCalls.slice(0, MAX_NAMED);
    return html`<div class="notice" role="alert">
      <p>
        ${
          unrecorded === 1
            ? msg('1 call that is always to be recorded has no recording.')
            : msg(str`${unrecorded} calls that are always to be recorded have no recording.`)
        }
      </p>
      <ul>
        ${named.map(({ call, connectedAt, skill, agent, state, failure, live }) => {
          const why = state === 'failed' ? recordingFailureText(failure) : '';
          const facts = [
            skill.name,
            ...(agent ? [agent.name] : []),
            ...(live ? [msg('In call')] : []),
            recordingStateText(state),
            ...(why ? [why] : []),
          ];
          return html`<li>
            <a href="/admin/calls/${call}">${dateTimeText(connectedAt)}</a> · ${facts.join(' · ')}
          </li>`;
        })}
      </ul>
      ${
        named.length < unrecorded
          ? html`<span class="quiet">${msg(str`And ${unrecorded - named.length} more.`)}</span>`
          : nothing
      }
    </div>`;
  }
}
