import { localized, msg } from '@lit/localize';
import { LitElement, html, nothing } from 'lit';
import { property, state } from 'lit/decorators.js';
import { paramTexts } from '../../../protocol/param-texts.ts';
import type { CallRecord, Transcript } from '../../../protocol/rest/calls.ts';
import type { ConsoleContext } from '../../app/console-context.ts';
import { consoleStyles } from '../../parts/console-styles.ts';
import { clockText, dateTimeText, durationText } from '../../parts/time-texts.ts';
import { errorText } from '../../rest/error-text.ts';
import type { RecordingReadEvent } from '../recordings/call-recording.ts';
import { callDeviceReport } from './call-device-report.ts';
import { callLegs } from './call-legs.ts';
import { callPageStyles } from './call-page-styles.ts';
import { callSteps } from './call-steps.ts';
import {
  agentText,
  callStateText,
  consentText,
  endReasonText,
  localText,
  ratingText,
  visitorText,
  waitSeconds,
} from './call-texts.ts';
import { eventText, reasonTexts } from './event-texts.ts';

type Message = Transcript['messages'][number];

const AWAITED: readonly (string | undefined)[] = ['uploading', 'joining'];

/** One call: who and why, its agents, what happened with its reasons, and the conversation. */
@localized()
export class CallPage extends LitElement {
  static override styles = [consoleStyles, callPageStyles];

  @property({ attribute: false }) context!: ConsoleContext;
  /** The call's id. */
  @property({ attribute: false }) key = '';

  @state() private call: CallRecord | null = null;
  @state() private transcript: Transcript | null = null;
  @state() private problem = '';
  /** The call has ended, and its recording is not finished. */
  @state() private isRecordingAwaited = false;
  readonly #stop = new AbortController();

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop.abort();
  }

  async #load(): Promise<void> {
    this.problem = '';
    const { signal } = this.#stop;
    try {
      const { rest } = this.context;
      const [call, transcript] = await Promise.all([
        rest.get<CallRecord>(`/calls/${this.key}`, {}, signal),
        rest.get<Transcript>(`/calls/${this.key}/transcript`, { format: 'json' }, signal),
      ]);
      this.call = call;
      this.transcript = transcript;
    } catch (error) {
      if (!signal.aborted) this.problem = errorText(error);
    }
  }

  protected override render() {
    const { call, transcript } = this;
    if (this.problem) {
      return html`<div class="card stack" role="alert">
        <p>${this.problem}</p>
        <div><wa-button @click=${() => this.#load()}>${msg('Try again')}</wa-button></div>
      </div>`;
    }
    if (!call || !transcript) {
      return html`<div class="card" role="status">
        <wa-spinner></wa-spinner><span class="visually-hidden">${msg('Loading…')}</span>
      </div>`;
    }
    return html`<div class="page-head">
        <div>
          <h1>${visitorText(call.visitor)}</h1>
          <p class="quiet">${dateTimeText(call.requestedAt)}</p>
        </div>
        ${this.#renderCaseFile(call)}
      </div>
      <div class="columns">
        <div class="stack">
          ${this.#renderFacts(call)} ${callSteps(call.steps)} ${this.#renderNotes(call)}
          ${callLegs(call)} ${callDeviceReport(call)} ${this.#renderEvents(call)}
        </div>
        <div class="stack">
          ${this.#renderRecording(call)} ${this.#renderConversation(call, transcript.messages)}
          ${this.#renderSpoken(call, transcript.captions)}
        </div>
      </div>`;
  }

  /** Who may save recordings may save everything that is kept of a call. */
  #renderCaseFile({ id, state }: CallRecord) {
    const { rest, session } = this.context;
    if (state !== 'ended' || session.may['recordings-export'] === 'none') return nothing;
    if (this.isRecordingAwaited) {
      return html`<p class="quiet">
        ${msg('The case file can be downloaded when the recording is finished.')}
      </p>`;
    }
    const address = `/calls/${id}/case-file`;
    return html`<div class="row">
      <wa-button appearance="outlined" href=${rest.address(address)} download>
        <wa-icon slot="start" name="download"></wa-icon>${msg('Download the case file')}
      </wa-button>
      <rtc-share-link
        .context=${this.context}
        .path=${`${address}/links`}
        .call=${id}
        .what=${'case-file'}
      ></rtc-share-link>
    </div>`;
  }

  #renderFacts(call: CallRecord) {
    const wait = waitSeconds(call);
    const { visitor } = call;
    const facts: [string, string][] = [
      [msg('State'), call.reason ? endReasonText(call.reason) : callStateText(call.state)],
      [msg('Skill group'), call.skill?.name ?? '–'],
      [msg('Agent'), call.agent?.name ?? '–'],
      [msg('Waited'), wait === null ? '–' : durationText(wait)],
      [msg('Talk'), call.connectedAt === null ? '–' : durationText(call.seconds)],
      [msg('Identity'), visitor.verified ? (visitor.id ?? msg('Verified')) : msg('Not verified')],
      [msg('Disposition'), call.disposition ? localText(call.disposition.label) : '–'],
      ...(call.legalHold ? [[msg('Legal hold'), call.legalHold.reason] as [string, string]] : []),
      ...(call.rating ? ratingFacts(call.rating) : []),
      ...(call.consent ? [[msg('Consent'), consentText(call.consent)] as [string, string]] : []),
      ...(call.tags.length > 0 ? [[msg('Tags'), call.tags.join(', ')] as [string, string]] : []),
      ...(visitor.page ? [[msg('Page'), visitor.page] as [string, string]] : []),
      ...paramTexts(visitor.params, visitor.paramWords, localText).map(
        ({ name, label, text }): [string, string] => [label ?? name, text],
      ),
    ];
    return html`<section class="card" aria-label=${msg('Facts')}>
      <dl>
        ${facts.map(
          ([name, value]) =>
            html`<div>
              <dt>${name}</dt>
              <dd>${value}</dd>
            </div>`,
        )}
      </dl>
      ${
        call.consentText
          ? html`<details>
              <summary>${msg('The text of the consent')}</summary>
              <p class="text">${localText(call.consentText.text)}</p>
              ${call.consentText.link === null ? nothing : html`<p class="text">${call.consentText.link}</p>`}
            </details>`
          : nothing
      }
    </section>`;
  }

  #renderNotes(call: CallRecord) {
    if (call.notes.length === 0) return nothing;
    return html`<section class="card">
      <h2>${msg('Notes')}</h2>
      ${call.notes.map(({ agent, versions }) => {
        const last = versions.at(-1);
        return html`<div class="note">
          <p class="text">${last?.text || msg('The note was taken away.')}</p>
          <p class="quiet">${agentText(call, agent)} · ${last && dateTimeText(last.savedAt)}</p>
          ${
            versions.length > 1
              ? html`<details>
                  <summary>${msg('Earlier versions')}</summary>
                  <ul>
                    ${versions
                      .slice(0, -1)
                      .toReversed()
                      .map(
                        ({ text, savedAt }) =>
                          html`<li>
                            ${dateTimeText(savedAt)}: <span class="text">${text}</span>
                          </li>`,
                      )}
                  </ul>
                </details>`
              : nothing
          }
        </div>`;
      })}
    </section>`;
  }

  #renderEvents(call: CallRecord) {
    return html`<section class="card">
      <h2>${msg('What happened')}</h2>
      <ol>
        ${call.events.map((event) => {
          const leg = call.legs.find(({ id }) => id === event.leg);
          return html`<li class="event">
            <time>${clockText(event.at)}</time>
            <div>
              <p>${eventText(call, event)}</p>
              ${
                event.type === 'offered' && leg
                  ? html`<details>
                      <summary>${msg('Why this agent?')}</summary>
                      <ul>
                        ${reasonTexts(call, leg.reason).map((text) => html`<li>${text}</li>`)}
                      </ul>
                    </details>`
                  : nothing
              }
            </div>
          </li>`;
        })}
      </ol>
    </section>`;
  }

  #renderRecording(call: CallRecord) {
    const { context, transcript } = this;
    if (context.session.may.recordings === 'none') return nothing;
    return html`<rtc-call-recording
      .context=${context}
      .call=${call}
      .transcript=${transcript}
      @recording-read=${({ recording }: RecordingReadEvent) =>
        (this.isRecordingAwaited = AWAITED.includes(recording?.state))}
    ></rtc-call-recording>`;
  }

  #renderConversation(call: CallRecord, messages: readonly Message[]) {
    return html`<section class="card">
      <h2>${msg('Conversation')}</h2>
      ${
        messages.length === 0
          ? html`<p class="quiet">${msg('Nobody wrote anything.')}</p>`
          : html`<ol class="messages">
              ${messages.map((message) => this.#renderMessage(call, message))}
            </ol>`
      }
    </section>`;
  }

  #renderSpoken(call: CallRecord, captions: Transcript['captions']) {
    if (captions.length === 0) return nothing;
    return html`<section class="card">
      <h2>${msg('What was said')}</h2>
      <ol class="messages">
        ${captions.map(({ role, name, at, language, text, translations }) => {
          const from = role === 'visitor' ? visitorText(call.visitor) : agentText(call, name);
          return html`<li class="message ${role}">
            <span class="from"><span>${from}</span><time>${clockText(at)}</time></span>
            <p lang=${language}>${text}</p>
            ${translations.map((one) => html`<p class="quiet" lang=${one.language}>${one.text}</p>`)}
          </li>`;
        })}
      </ol>
    </section>`;
  }

  #renderMessage(call: CallRecord, { role, name, sentAt, text, image }: Message) {
    const picture = image && this.context.rest.address(`/calls/${call.id}/pictures/${image.id}`);
    const from = role === 'visitor' ? visitorText(call.visitor) : agentText(call, name);
    return html`<li class="message ${role}">
      <span class="from"><span>${from}</span><time>${clockText(sentAt)}</time></span>
      ${text === null ? nothing : html`<p>${text}</p>`}
      ${
        image
          ? html`<img
              src=${picture}
              width=${image.width}
              height=${image.height}
              loading="lazy"
              alt=${msg('Picture in the conversation')}
            />`
          : nothing
      }
    </li>`;
  }
}

/** The rating, its reasons and its text. */
function ratingFacts(rating: NonNullable<CallRecord['rating']>): [string, string][] {
  const { reasons, text } = rating;
  return [
    [msg('Rating'), ratingText(rating)],
    ...(reasons.length > 0
      ? [
          [msg('Reasons'), reasons.map(({ label }) => localText(label)).join(', ')] as [
            string,
            string,
          ],
        ]
      : []),
    ...(text ? [[msg('The visitor wrote'), text] as [string, string]] : []),
  ];
}
