import { msg, str } from '@lit/localize';
import { LitElement, html, nothing, type PropertyValues } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { ChatEntry, ChatSnapshot, ErrorCode } from '../../../call/room-control.ts';
import { LocaleController } from '../../../locales/locale-controller.ts';
import { ask } from '../../parts/events/requests.ts';
import { closeIcon, downIcon } from '../../parts/icons.ts';
import { shownName } from '../../parts/texts/names.ts';
import { chatEntry } from './chat-entry.ts';
import { chatFailure } from './chat-failure.ts';
import type { LoadImage } from './chat-image.ts';
import { chatPaneStyles } from './chat-pane-styles.ts';

/** Nearer than this to the end counts as the end, in CSS pixels. */
const END_DISTANCE = 48;

/** The conversation and the field to write in. With `readonly` only the conversation. */
export class ChatPane extends LitElement {
  static override styles = chatPaneStyles;

  @property({ attribute: false }) room: number | null = null;
  @property({ attribute: false }) chat: ChatSnapshot | null = null;
  @property({ attribute: false }) loadImage: LoadImage | null = null;
  @property({ type: Boolean, reflect: true }) readonly = false;
  /** Why the last request of the room failed; shown if it was a message. */
  @property({ attribute: false }) failure: ErrorCode | null = null;
  /** Whether there is a button that closes the pane. */
  @property({ type: Boolean }) closable = false;

  /** New messages came while the person reads further up. */
  @state() private behind = false;
  @state() private dragging = false;
  @query('.log') private log!: HTMLElement;
  #atEnd = true;
  #scrolled = 0;
  #size = '';
  readonly #observer = new ResizeObserver(() => this.#keepAtEnd());

  constructor() {
    super();
    new LocaleController(this);
  }

  override focus(): void {
    this.renderRoot.querySelector('rtc-chat-composer')?.focus();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('visibilitychange', this.#read);
    void this.updateComplete.then(() => {
      if (!this.isConnected) return;
      this.#observer.observe(this.log);
      this.#observer.observe(this.log.firstElementChild ?? this.log);
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('visibilitychange', this.#read);
    this.#observer.disconnect();
  }

  protected override render() {
    const entries = this.chat?.entries ?? [];
    return html`<section
      part="chat"
      aria-label=${msg('Chat')}
      class=${this.dragging ? 'dragging' : ''}
      @dragover=${this.#handleDragover}
      @dragleave=${this.#handleDragleave}
      @drop=${this.#handleDrop}
    >
      <header>
        <h2>${msg('Chat')}</h2>
        ${
          this.closable
            ? html`<button
                class="icon-button"
                type="button"
                aria-label=${msg('Close chat')}
                @click=${() => ask(this, 'chat-request', { open: false })}
              >
                ${closeIcon()}
              </button>`
            : nothing
        }
      </header>
      <div
        class="log"
        role="log"
        aria-label=${msg('Conversation')}
        aria-live="polite"
        tabindex="0"
        @scroll=${this.#handleScroll}
      >
        <div class="entries">
          ${repeat(
            entries,
            // Keyed, so that a screen reader announces only the messages that are new.
            ({ id }) => id,
            (entry, index) => this.#entry(entry, entries[index - 1], entries),
          )}
        </div>
        ${entries.length ? nothing : html`<p class="empty">${this.#emptyText()}</p>`}
      </div>
      ${
        this.behind
          ? html`<button class="button newer" type="button" @click=${this.#toEnd}>
              ${downIcon()} ${msg('New messages')}
            </button>`
          : nothing
      }
      ${chatFailure(this.failure)}
      <p class="typing" role="status">${this.#typingText()}</p>
      ${
        this.readonly || this.chat?.state === 'closed'
          ? nothing
          : html`<rtc-chat-composer exportparts="composer" .room=${this.room}></rtc-chat-composer>`
      }
      ${this.dragging ? html`<div class="drop">${msg('Drop the picture here')}</div>` : nothing}
    </section>`;
  }

  #entry(entry: ChatEntry, before: ChatEntry | undefined, all: readonly ChatEntry[]) {
    const lastOfMine = all.findLast(({ mine }) => mine);
    return chatEntry(entry, {
      before,
      marked: entry === lastOfMine || entry.status === 'failed' || entry.status === 'pending',
      loadImage: this.loadImage,
      retry: () => ask(this, 'retry-message-request', { id: entry.id }),
    });
  }

  #emptyText(): string {
    if (this.readonly) return msg('There are no messages.');
    return this.chat?.state === 'connecting'
      ? msg('Connecting…')
      : msg('Write a message or send a picture. Only the people in this room see it.');
  }

  #typingText(): string {
    const typing = this.chat?.typing ?? [];
    if (!typing.length) {
      return this.chat?.state === 'offline' ? msg('Offline. Messages are sent later.') : '';
    }
    const [first = ''] = typing;
    if (typing.length === 1) return msg(str`${shownName(first)} is typing…`);
    return msg('Several people are typing…');
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('chat')) return;
    const before = changed.get('chat')?.entries.at(-1);
    const last = this.chat?.entries.at(-1);
    if (!last || last.id === before?.id) return;
    if (last.mine) this.#atEnd = true;
    else if (!this.#atEnd) this.behind = true;
  }

  protected override updated(): void {
    this.#keepAtEnd();
    this.#read();
  }

  #keepAtEnd(): void {
    if (this.#atEnd) this.log.scrollTop = this.log.scrollHeight;
    // The scroll event of this change may be merged with one of the person's, so that the place is noted now.
    this.#noteScroll();
  }

  /** Notes the scroll position. Returns true if it went up while the size stayed: then the person scrolled. */
  #noteScroll(): boolean {
    const { scrollTop, scrollHeight, clientHeight } = this.log;
    const size = `${scrollHeight} ${clientHeight}`;
    const up = scrollTop < this.#scrolled && size === this.#size;
    this.#scrolled = scrollTop;
    this.#size = size;
    return up;
  }

  #handleScroll(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.log;
    // The end also moves when a picture is drawn or a phone is turned. Then the person did not scroll.
    const up = this.#noteScroll();
    if (scrollHeight - clientHeight - scrollTop < END_DISTANCE) this.#atEnd = true;
    else if (up) this.#atEnd = false;
    if (!this.#atEnd) return;
    this.behind = false;
    this.#read();
  }

  #toEnd(): void {
    this.behind = false;
    this.#atEnd = true;
    this.#keepAtEnd();
    this.log.focus();
  }

  /** Messages are read when the log is visible and scrolled to its end. */
  readonly #read = (): void => {
    if (this.readonly || !this.chat?.unread || !this.#atEnd) return;
    if (document.visibilityState === 'visible' && this.checkVisibility()) ask(this, 'read-request');
  };

  #handleDragover(event: DragEvent): void {
    if (this.readonly || !event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    this.dragging = true;
  }

  #handleDragleave(event: DragEvent): void {
    const to = event.relatedTarget;
    if (!(to instanceof Node) || !this.renderRoot.contains(to)) this.dragging = false;
  }

  #handleDrop(event: DragEvent): void {
    if (!this.dragging) return;
    event.preventDefault();
    this.dragging = false;
    for (const image of event.dataTransfer?.files ?? []) ask(this, 'send-image-request', { image });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rtc-chat-pane': ChatPane;
  }
}
