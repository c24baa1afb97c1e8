import { msg } from '@lit/localize';
import { LitElement, html, nothing, type PropertyValues } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type { DeskRecords } from '../../../call/agent-desk-control.ts';
import { LocaleController } from '../../../locales/locale-controller.ts';
import type { ChatMessage, PastCall, ReadCall } from '../../../protocol/views.ts';
import { closeIcon } from '../../parts/icons.ts';
import { buttonStyles } from '../../parts/styles/button-styles.ts';
import { theme } from '../../parts/styles/theme.ts';
import { durationText } from '../../parts/texts/durations.ts';
import { shownName } from '../../parts/texts/names.ts';
import { dayText, timeText } from '../../parts/texts/time-texts.ts';
import { deskStyles } from '../desk-styles.ts';
import { deskDialogStyles } from '../dialog-styles.ts';
import { labelText } from '../label-text.ts';
import { conversationList, conversationListStyles } from './conversation-list.ts';
import { pastCallDialogStyles } from './past-call-dialog-styles.ts';

/** A call that is over: its outcome, notes and conversation, to read. */
export class PastCallDialog extends LitElement {
  static override styles = [
    theme,
    buttonStyles,
    deskStyles,
    deskDialogStyles,
    conversationListStyles,
    pastCallDialogStyles,
  ];

  @property({ attribute: false }) records: DeskRecords | null = null;
  @property({ type: Number }) clockOffset = 0;

  @state() private call: ReadCall | null = null;
  @state() private messages: readonly ChatMessage[] = [];
  @state() private problem = false;
  @query('dialog') private readonly dialog!: HTMLDialogElement;
  /** The call that is asked for; a late answer about another one is dropped. */
  #callId = '';

  constructor() {
    super();
    new LocaleController(this);
  }

  /** Opens the dialog for a call. */
  async show(callId: string): Promise<void> {
    const { records } = this;
    if (!records) return;
    this.#callId = callId;
    this.call = null;
    this.messages = [];
    this.problem = false;
    if (!this.dialog.open) this.dialog.showModal();
    try {
      const [call, messages] = await Promise.all([
        records.readPastCall(callId),
        records.readPastMessages(callId),
      ]);
      if (call.recording) await import('./define-past-recording.ts');
      if (callId !== this.#callId) return;
      this.call = call;
      this.messages = messages;
    } catch (error) {
      console.warn('rtc-desk: the call could not be read', error);
      if (callId === this.#callId) this.problem = true;
    }
  }

  protected override updated(changed: PropertyValues<this>): void {
    // Signed out: nothing of a call stays open.
    if (changed.has('records') && changed.get('records') && this.dialog.open) this.dialog.close();
  }

  protected override render() {
    return html`<dialog class="card" aria-labelledby="title" @close=${this.#handleClose}>
      <header>
        <h2 id="title">${this.call ? shownName(this.call.visitorName) : msg('Past call')}</h2>
        <button
          class="icon-button"
          type="button"
          aria-label=${msg('Close')}
          @click=${() => this.dialog.close()}
        >
          ${closeIcon()}
        </button>
      </header>
      <div class="body" tabindex="0" role="group" aria-label=${msg('Past call')}>
        ${this.#body()}
      </div>
    </dialog>`;
  }

  /** Nothing goes on playing. */
  readonly #handleClose = (): void => {
    this.#callId = '';
    this.call = null;
  };

  #body() {
    const { call } = this;
    if (this.problem) return html`<p role="alert">${msg('This call cannot be shown.')}</p>`;
    if (!call) return html`<p role="status">${msg('Loading…')}</p>`;
    const at = call.requestedAt - this.clockOffset;
    const facts = [call.skill?.name, call.agent, call.seconds > 0 && durationText(call.seconds)];
    return html`<p class="quiet-text">
        ${dayText(at)} ${timeText(at)} · ${facts.filter(Boolean).join(' · ')}
      </p>
      <p class="chips">
        <span class="chip ok">
          ${call.disposition ? labelText(call.disposition.label) : msg('No disposition')}
        </span>
        ${call.tags.map((tag) => html`<span class="chip">${tag}</span>`)}
      </p>
      ${
        Object.keys(call.params).length > 0
          ? html`<h3>${msg('From the visitor’s page')}</h3>
              <rtc-params-list .params=${call.params} .words=${call.paramWords}></rtc-params-list>`
          : nothing
      }
      ${
        call.notes.length > 0
          ? html`<h3>${msg('Notes')}</h3>
              ${call.notes.map(
                ({ agent, text, savedAt }) =>
                  html`<p class="text">${text}</p>
                    <p class="quiet-text">${agent} · ${timeText(savedAt - this.clockOffset)}</p>`,
              )}`
          : nothing
      }
      ${
        call.recording
          ? html`<h3>${msg('Recording')}</h3>
              <rtc-past-recording
                .records=${this.records}
                .recording=${call.recording}
              ></rtc-past-recording>`
          : nothing
      }
      <h3>${msg('Conversation')}</h3>
      ${this.#conversation(call)}`;
  }

  #conversation({ id }: PastCall) {
    const messages = this.messages.map(({ name, sentAt, text, image }) => ({
      sender: shownName(name),
      sentAt: sentAt - this.clockOffset,
      text,
      image,
    }));
    return conversationList(messages, (picture) => this.records!.readPastPicture(id, picture));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rtc-past-call-dialog': PastCallDialog;
  }
}
