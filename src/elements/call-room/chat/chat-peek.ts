import { msg } from '@lit/localize';
import { LitElement, css, html, nothing } from 'lit';
import { property } from 'lit/decorators.js';
import type { ChatEntry, RoomControl } from '../../../call/room-control.ts';
import { LocaleController } from '../../../locales/locale-controller.ts';
import { ask } from '../../parts/events/requests.ts';
import { baseStyles } from '../../parts/styles/base-styles.ts';
import { shownName } from '../../parts/texts/names.ts';
import { playMessageSound } from './message-sound.ts';

const SHOWN_MS = 7_000;
/** In characters. */
const MAX_TEXT = 120;

/** A new message while the conversation is closed: who wrote, and the first words. A press opens the conversation. */
export class ChatPeek extends LitElement {
  static override styles = [
    baseStyles,
    css`
      :host {
        position: absolute;
        z-index: 3;
        inset-block-end: 12px;
        inset-inline-start: 16px;
        max-inline-size: min(360px, 100% - 32px);
      }
      button {
        display: block;
        inline-size: 100%;
        min-block-size: 44px;
        padding: 8px 14px;
        border: 1px solid var(--_line);
        border-radius: var(--_radius);
        background: var(--_raised);
        color: var(--_text);
        box-shadow: var(--_shadow);
        font: 400 14px/1.4 var(--_font);
        text-align: start;
        cursor: pointer;
      }
      button:hover {
        background: color-mix(in srgb, var(--_text) 9%, var(--_raised));
      }
      strong,
      span {
        display: -webkit-box;
        -webkit-box-orient: vertical;
        -webkit-line-clamp: 2;
        overflow: hidden;
        overflow-wrap: anywhere;
      }
      strong {
        -webkit-line-clamp: 1;
      }
    `,
  ];

  @property({ attribute: false }) entry: ChatEntry | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    new LocaleController(this);
    // It waits while somebody reads or is about to press it.
    for (const type of ['pointerenter', 'focusin']) this.addEventListener(type, () => this.#stop());
    for (const type of ['pointerleave', 'focusout']) {
      this.addEventListener(type, () => this.#start());
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop();
  }

  protected override willUpdate(): void {
    this.#start();
  }

  protected override render() {
    const { entry } = this;
    if (!entry) return nothing;
    return html`<div role="status">
      <button
        type="button"
        aria-description=${msg('Opens the chat')}
        @click=${() => ask(this, 'chat-request', { open: true })}
      >
        <strong dir="auto">${shownName(entry.name)}</strong>
        <span dir="auto">${this.#words(entry)}</span>
      </button>
    </div>`;
  }

  #words({ text }: ChatEntry): string {
    if (text === null) return msg('Picture');
    const line = text.replace(/\s+/g, ' ').trim();
    const characters = [...line];
    return characters.length > MAX_TEXT ? `${characters.slice(0, MAX_TEXT).join('')}…` : line;
  }

  #start(): void {
    this.#stop();
    this.#timer = setTimeout(() => this.remove(), SHOWN_MS);
  }

  #stop(): void {
    clearTimeout(this.#timer);
  }
}

if (!customElements.get('rtc-chat-peek')) customElements.define('rtc-chat-peek', ChatPeek);

/** Shows the newest message of somebody else over the host's pictures, with a soft sound. */
export function showPeek(
  host: { readonly renderRoot: ParentNode; readonly chatOpen: boolean },
  room: RoomControl,
): void {
  const entry = room.getSnapshot().chat.entries.findLast(({ mine }) => !mine);
  if (host.chatOpen || !entry) return;
  const view = host.renderRoot.querySelector('.view');
  if (!view) return;
  let peek = view.querySelector('rtc-chat-peek');
  if (peek?.entry?.id === entry.id) return;
  if (!peek) {
    peek = document.createElement('rtc-chat-peek');
    view.append(peek);
  }
  peek.entry = entry;
  playMessageSound();
}

declare global {
  interface HTMLElementTagNameMap {
    'rtc-chat-peek': ChatPeek;
  }
}
