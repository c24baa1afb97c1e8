import { msg } from '@lit/localize';
import { LitElement, html, nothing, type PropertyValues } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { LocaleController } from '../../../locales/locale-controller.ts';
import { PopoverButton } from '../../parts/controllers/popover-button.ts';
import { ask } from '../../parts/events/requests.ts';
import { chatComposerStyles } from './chat-composer-styles.ts';
import { emojiIcon, imageIcon, sendIcon } from './chat-icons.ts';
import { keepDraft, readDraft } from './draft.ts';
import type { EmojiChosenEvent } from './emoji-picker.ts';

/** The types for the file picker. The server decides what it accepts. */
const IMAGE_TYPES = 'image/jpeg,image/png,image/webp,image/gif';

/** The field in which a person writes, with buttons for emoji and pictures. */
export class ChatComposer extends LitElement {
  static override styles = chatComposerStyles;

  /** The room of the conversation. What is half written outlives a closed conversation and a reload. */
  @property({ attribute: false }) room: number | null = null;
  @state() private empty = true;
  @query('textarea') private field!: HTMLTextAreaElement;
  @query('input') private picker!: HTMLInputElement;
  readonly #emoji = new PopoverButton(
    this,
    'rtc-emoji-picker',
    () => import('./define-emoji-picker.ts'),
  );

  constructor() {
    super();
    new LocaleController(this);
  }

  override focus(): void {
    this.field.focus();
  }

  protected override render() {
    return html`<form part="composer" @submit=${this.#handleSubmit}>
        <textarea
          rows="1"
          aria-label=${msg('Message')}
          placeholder=${msg('Write a message')}
          enterkeyhint="send"
          @input=${this.#handleInput}
          @keydown=${this.#handleKeydown}
          @paste=${this.#handlePaste}
        ></textarea>
        <div class="row">
          <button
            class="icon-button"
            type="button"
            aria-label=${msg('Emoji')}
            aria-expanded=${this.#emoji.open}
            @click=${this.#handleEmoji}
          >
            ${emojiIcon()}
          </button>
          <button
            class="icon-button"
            type="button"
            aria-label=${msg('Send image')}
            @click=${() => this.picker.click()}
          >
            ${imageIcon()}
          </button>
          <input type="file" accept=${IMAGE_TYPES} hidden @change=${this.#handlePick} />
          <button
            class="icon-button send ${this.empty ? '' : 'ready'}"
            type="submit"
            aria-label=${msg('Send message')}
          >
            ${sendIcon()}
          </button>
        </div>
      </form>
      ${
        this.#emoji.loaded
          ? html`<rtc-emoji-picker
              popover
              role="dialog"
              aria-label=${msg('Emoji')}
              @toggle=${this.#emoji.handleToggle}
              @emoji-chosen=${this.#handleChosen}
            ></rtc-emoji-picker>`
          : nothing
      }`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has('room')) return;
    this.field.value = readDraft(this.room);
    this.empty = !this.field.value.trim();
  }

  #handleSubmit(event: SubmitEvent): void {
    event.preventDefault();
    const text = withoutControls(this.field.value);
    // A text of spaces is ignored without an error.
    if (text.trim() && ask(this, 'send-text-request', { text })) {
      this.field.value = '';
      this.#handleChange();
    }
    this.focus();
  }

  #handleChange(): void {
    this.empty = !this.field.value.trim();
    keepDraft(this.room, this.field.value);
  }

  #handleInput(): void {
    this.#handleChange();
    if (!this.empty) ask(this, 'typing-request');
  }

  #handleKeydown(event: KeyboardEvent): void {
    // In an input method, as for Chinese, Enter ends a word and must not send. Safari ends the word before this event,
    // and only the key code 229 tells it.
    const composing = event.isComposing || event.keyCode === 229;
    if (event.key !== 'Enter' || event.shiftKey || composing) return;
    event.preventDefault();
    this.renderRoot.querySelector('form')?.requestSubmit();
  }

  #handlePaste(event: ClipboardEvent): void {
    const images = [...(event.clipboardData?.files ?? [])];
    if (!images.length) return;
    event.preventDefault();
    for (const image of images) ask(this, 'send-image-request', { image });
  }

  #handlePick(): void {
    const [image] = this.picker.files ?? [];
    // Without this the same file could not be picked again.
    this.picker.value = '';
    if (image) ask(this, 'send-image-request', { image });
    this.focus();
  }

  #handleEmoji(event: Event): void {
    this.#emoji.toggle(event.currentTarget as HTMLElement).catch((error: unknown) => {
      // The person can use the keyboard's emoji. The next press loads the picker again.
      console.warn('rtc-desk: the emoji could not be loaded', error);
    });
  }

  #handleChosen({ emoji }: EmojiChosenEvent): void {
    const { selectionStart, selectionEnd } = this.field;
    this.field.setRangeText(emoji, selectionStart, selectionEnd, 'end');
    this.#handleChange();
    this.#emoji.close();
    this.focus();
  }
}

/** With newlines for other line ends, and without control characters: the desk refuses them. */
function withoutControls(text: string): string {
  return text.replace(/\r\n?|[\v\f]/g, '\n').replace(/[\0-\x08\x0e-\x1f]/g, '');
}

declare global {
  interface HTMLElementTagNameMap {
    'rtc-chat-composer': ChatComposer;
  }
}
