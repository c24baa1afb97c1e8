import { msg, str } from '@lit/localize';
import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { DeskRecords, FollowUpStep } from '../../../call/agent-desk-control.ts';
import { LocaleController } from '../../../locales/locale-controller.ts';
import type { ErrorCode } from '../../../protocol/errors.ts';
import type { FollowUp } from '../../../protocol/rest/follow-ups.ts';
import type { SkillGroupName } from '../../../protocol/views.ts';
import { buttonStyles } from '../../parts/styles/button-styles.ts';
import { theme } from '../../parts/styles/theme.ts';
import { contactLink } from '../../parts/texts/contact-link.ts';
import { errorText } from '../../parts/texts/error-text.ts';
import { dayText, timeText } from '../../parts/texts/time-texts.ts';
import { deskStyles } from '../desk-styles.ts';
import { callbackStateText } from './follow-up-texts.ts';
import { followUpListStyles } from './follow-up-list-styles.ts';

/** Messages are read again while the list is shown. */
const READ_AGAIN_MS = 30_000;
const FAILED: readonly string[] = ['no-answer', 'expired', 'cancelled'];

/** Open messages and callbacks of the agent's groups: who takes care of each, and how it is answered. */
export class FollowUpList extends LitElement {
  static override styles = [theme, buttonStyles, deskStyles, followUpListStyles];

  @property({ attribute: false }) records: DeskRecords | null = null;
  /** The id of the agent who is signed in. */
  @property() agent = '';
  @property({ attribute: false }) groups: readonly SkillGroupName[] = [];

  @state() private items: readonly FollowUp[] = [];
  @state() private cursor: string | null = null;
  @state() private failure: ErrorCode | null = null;
  @state() private busy = false;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    new LocaleController(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#timer = setInterval(() => void this.#load(), READ_AGAIN_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('records')) void this.#load();
  }

  protected override render() {
    if (this.items.length === 0 && !this.failure) return nothing;
    return html`<section class="card" aria-labelledby="title" aria-busy=${this.busy}>
      <div class="card-head"><h2 id="title">${msg('Messages and callbacks')}</h2></div>
      ${
        this.failure
          ? html`<p class="fault" role="alert">${this.#failureText(this.failure)}</p>`
          : nothing
      }
      <ul>
        ${repeat(
          this.items,
          ({ id }) => id,
          (item) => this.#item(item),
        )}
      </ul>
      ${
        this.cursor === null
          ? nothing
          : html`<footer>
              <button class="button" type="button" @click=${() => this.#load(this.cursor)}>
                ${msg('Show more')}
              </button>
            </footer>`
      }
    </section>`;
  }

  #failureText(code: ErrorCode): string {
    return code === 'conflict'
      ? msg('Someone else has changed this message. The list shows its current state.')
      : errorText(code).text;
  }

  #item(item: FollowUp): TemplateResult {
    const { visitor, contact, text, leftAt, assignee, callback, group } = item;
    const link = contactLink(item);
    const own = assignee?.id === this.agent;
    const name = this.groups.find(({ id }) => id === group)?.name ?? group;
    return html`<li>
      <strong>${visitor}</strong>
      <span class="quiet-text">${dayText(leftAt)} ${timeText(leftAt)} · ${name}</span>
      ${text ? html`<p>${text}</p>` : nothing}
      <p>
        ${link === null ? contact : html`<a href=${link}>${contact}</a>`}
        ${callback ? html`<span class="chip">${callbackStateText(callback.state)}</span>` : nothing}
        ${assignee ? html`<span class="chip">${own ? msg('Yours') : assignee.name}</span>` : nothing}
      </p>
      <div class="actions">
        ${
          assignee === null
            ? this.#button(item, msg('Take it'), { assigned: true })
            : own
              ? this.#button(item, msg('Give it back'), { assigned: false })
              : nothing
        }
        ${this.#button(item, msg('Answered'), { handled: true })}
        ${callback === null || FAILED.includes(callback.state) ? this.#callBack(item) : nothing}
      </div>
    </li>`;
  }

  #button(item: FollowUp, label: string, step: FollowUpStep): TemplateResult {
    return html`<button
      class="button"
      type="button"
      aria-label=${msg(str`${label}: ${item.visitor}`)}
      ?disabled=${this.busy}
      @click=${() => this.#change((records) => records.changeFollowUp(item, step))}
    >
      ${label}
    </button>`;
  }

  #callBack(item: FollowUp): TemplateResult {
    const label = msg('Call back');
    return html`<button
      class="button"
      type="button"
      aria-label=${msg(str`${label}: ${item.visitor}`)}
      ?disabled=${this.busy}
      @click=${() => this.#change((records) => records.callBack(item))}
    >
      ${label}
    </button>`;
  }

  async #change(act: (records: DeskRecords) => Promise<FollowUp>): Promise<void> {
    const { records } = this;
    if (!records) return;
    this.busy = true;
    let failure: ErrorCode | null = null;
    try {
      const changed = await act(records);
      this.items = this.items
        .map((one) => (one.id === changed.id ? changed : one))
        .filter(({ handledAt }) => handledAt === null);
    } catch (error) {
      failure = codeOf(error);
      await this.#load();
    }
    this.failure = failure;
    this.busy = false;
  }

  /** Reads the first page, or the next one. */
  async #load(cursor: string | null = null): Promise<void> {
    const { records } = this;
    if (!records) return;
    try {
      const page = await records.readFollowUps(cursor);
      if (records !== this.records) return;
      this.items = cursor === null ? page.items : [...this.items, ...page.items];
      this.cursor = page.cursor;
      this.failure = null;
    } catch (error) {
      this.failure = codeOf(error);
    }
  }
}

const codeOf = (error: unknown): ErrorCode =>
  (error as { readonly code?: ErrorCode }).code ?? 'server-error';

declare global {
  interface HTMLElementTagNameMap {
    'rtc-follow-up-list': FollowUpList;
  }
}
