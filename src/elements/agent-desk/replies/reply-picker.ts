import { msg, str } from '@lit/localize';
import { LitElement, html, nothing, type PropertyValues } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type { DeskRecords } from '../../../call/agent-desk-control.ts';
import type { RoomControl } from '../../../call/room-control.ts';
import { LocaleController } from '../../../locales/locale-controller.ts';
import type { CannedReply } from '../../../protocol/rest/canned-replies.ts';
import type { AgentView, LegCallView } from '../../../protocol/views.ts';
import { closeIcon } from '../../parts/icons.ts';
import { buttonStyles } from '../../parts/styles/button-styles.ts';
import { theme } from '../../parts/styles/theme.ts';
import { deskStyles } from '../desk-styles.ts';
import { filledReply, matchingReplies, replyFacts, replyQuery } from './matching-replies.ts';
import { replyPickerStyles } from './reply-picker-styles.ts';

/** Rows that are shown at once. */
const MAX_SHOWN = 50;

/**
 * The list of canned replies that `/` at the beginning of a message opens. It stands beside the room and listens to
 * the field of its conversation, so that the conversation of a visitor's page carries none of this.
 */
export class ReplyPicker extends LitElement {
  static override styles = [theme, buttonStyles, deskStyles, replyPickerStyles];

  @property({ attribute: false }) records: DeskRecords | null = null;
  @property({ attribute: false }) room: RoomControl | null = null;
  @property({ attribute: false }) call!: LegCallView;
  @property({ attribute: false }) agent!: AgentView['agent'];

  /** Null: the list is closed. */
  @state() private query: string | null = null;
  @state() private replies: readonly CannedReply[] | null = null;
  @state() private failed = false;
  @state() private active = 0;
  /** The picture of a chosen reply, which goes with the next message. */
  @state() private picture: Blob | null = null;
  #field: HTMLTextAreaElement | null = null;
  #listened: EventTarget | null = null;
  #previewed = '';
  @state() private preview: ImageBitmap | null = null;
  @query('.preview canvas') private canvas!: HTMLCanvasElement | null;

  constructor() {
    super();
    new LocaleController(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#listened = this.parentElement;
    this.#listened?.addEventListener('input', this.#handleInput);
    // Before the conversation's own handlers: Enter chooses a reply and sends nothing.
    this.#listened?.addEventListener('keydown', this.#handleKeydown, { capture: true });
    this.#listened?.addEventListener('send-text-request', this.#handleSend, { capture: true });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#listened?.removeEventListener('input', this.#handleInput);
    this.#listened?.removeEventListener('keydown', this.#handleKeydown, { capture: true });
    this.#listened?.removeEventListener('send-text-request', this.#handleSend, { capture: true });
    this.#dropPreview();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('room') && changed.get('room')) {
      this.query = null;
      this.picture = null;
    }
    void this.#showPreview();
  }

  /** A canvas, because the page's policy allows no address of a picture in memory. */
  protected override updated(changed: PropertyValues): void {
    const { canvas, preview } = this;
    if (!changed.has('preview') || !preview || !canvas) return;
    canvas.width = preview.width;
    canvas.height = preview.height;
    canvas.getContext('2d')?.drawImage(preview, 0, 0);
  }

  get #shown(): readonly CannedReply[] {
    if (this.query === null || !this.replies) return [];
    const { language } = this.call.visitor;
    return matchingReplies(this.replies, this.query, language).slice(0, MAX_SHOWN);
  }

  protected override render() {
    return html`${
      this.picture
        ? html`<p class="card picture">
            ${msg('The picture of the reply goes with your next message.')}
            <button
              class="icon-button"
              type="button"
              aria-label=${msg('Remove the picture')}
              @click=${() => (this.picture = null)}
            >
              ${closeIcon()}
            </button>
          </p>`
        : nothing
    }
    ${this.query === null ? nothing : this.#list(this.query)}`;
  }

  #list(query: string) {
    const shown = this.#shown;
    const chosen = shown[this.active];
    return html`<div class="card list">
      <p class="quiet-text" role="status">${this.#state(query, shown)}</p>
      <div role="listbox" tabindex="-1" aria-label=${msg('Canned replies')}>
        ${shown.map(
          (reply, index) =>
            html`<div
              role="option"
              id=${`reply-${index}`}
              aria-selected=${index === this.active}
              @pointerenter=${() => (this.active = index)}
              @mousedown=${(event: Event) => event.preventDefault()}
              @click=${() => this.#choose(reply)}
            >
              <strong>/${reply.shortcut}</strong>
              <span class="text">${reply.text}</span>
              ${reply.language ? html`<span class="chip">${reply.language}</span>` : nothing}
            </div>`,
        )}
      </div>
      ${
        chosen
          ? html`<div class="preview" role="group" aria-label=${msg('Preview')}>
              <p>${this.#filled(chosen)}</p>
              ${
                chosen.picture && this.preview
                  ? html`<canvas role="img" aria-label=${msg('Picture of the reply')}></canvas>`
                  : nothing
              }
            </div>`
          : nothing
      }
    </div>`;
  }

  #state(query: string, shown: readonly CannedReply[]): string {
    if (this.failed) return msg('The canned replies could not be loaded.');
    if (!this.replies) return msg('Loading…');
    const chosen = shown[this.active];
    if (!chosen) return msg(str`No canned reply for “/${query}”.`);
    return msg(str`/${chosen.shortcut}, ${this.active + 1} of ${shown.length}. Enter takes it.`);
  }

  #filled({ text }: CannedReply): string {
    return filledReply(text, replyFacts(this.call, this.agent));
  }

  readonly #handleInput = (event: Event): void => {
    const [field] = event.composedPath();
    if (!(field instanceof HTMLTextAreaElement)) return;
    this.#field = field;
    this.query = replyQuery(field.value);
    this.active = 0;
    if (this.query !== null && (!this.replies || this.failed)) void this.#load();
  };

  async #load(): Promise<void> {
    this.failed = false;
    try {
      this.replies = (await this.records?.readCannedReplies()) ?? [];
    } catch (error) {
      console.warn('rtc-desk: the canned replies could not be read', error);
      this.failed = true;
    }
  }

  readonly #handleKeydown = (event: Event): void => {
    const { key, isComposing, keyCode } = event as KeyboardEvent;
    if (this.query === null || event.composedPath()[0] !== this.#field) return;
    // In an input method these keys choose a word.
    if (isComposing || keyCode === 229) return;
    const shown = this.#shown;
    const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[key];
    if (step !== undefined && shown.length > 0) {
      this.active = (this.active + step + shown.length) % shown.length;
    } else if (key === 'Escape') {
      this.query = null;
    } else if (key === 'Enter' || key === 'Tab') {
      const chosen = shown[this.active];
      if (!chosen) return;
      this.#choose(chosen);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  #choose(reply: CannedReply): void {
    const field = this.#field;
    if (!field) return;
    field.value = this.#filled(reply);
    this.query = null;
    this.picture = null;
    if (reply.picture) void this.#takePicture(reply.id);
    // The conversation sees the text as if it was typed. A text that begins with a slash opens no list again.
    field.dispatchEvent(new InputEvent('input', { bubbles: true }));
    field.focus();
  }

  async #takePicture(replyId: string): Promise<void> {
    try {
      this.picture = (await this.records?.readReplyPicture(replyId)) ?? null;
    } catch (error) {
      console.warn('rtc-desk: the picture of the reply could not be read', error);
      this.failed = true;
    }
  }

  readonly #handleSend = (): void => {
    const { picture, room } = this;
    this.query = null;
    if (!picture || !room) return;
    this.picture = null;
    // After the text, which is sent in this event.
    queueMicrotask(() => room.sendImage(picture));
  };

  async #showPreview(): Promise<void> {
    const chosen = this.#shown[this.active];
    const id = chosen?.picture ? chosen.id : '';
    if (id === this.#previewed) return;
    this.#dropPreview();
    this.#previewed = id;
    if (!id || !this.records) return;
    try {
      const picture = await this.records.readReplyPicture(id);
      const bitmap = await createImageBitmap(picture);
      if (id === this.#previewed) this.preview = bitmap;
      else bitmap.close();
    } catch (error) {
      console.warn('rtc-desk: the picture of the reply could not be read', error);
    }
  }

  #dropPreview(): void {
    this.preview?.close();
    this.preview = null;
    this.#previewed = '';
  }
}
