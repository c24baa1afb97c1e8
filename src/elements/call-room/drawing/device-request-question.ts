import { msg, str } from '@lit/localize';
import { LitElement, css, html, nothing } from 'lit';
import { property, state } from 'lit/decorators.js';
import type {
  DeviceAction,
  DeviceRequest,
  PictureToolsControl,
  PictureToolsSnapshot,
} from '../../../call/picture-tools-control.ts';
import type { RoomControl } from '../../../call/room-control.ts';
import { LocaleController } from '../../../locales/locale-controller.ts';
import { StoreController } from '../../parts/controllers/store-controller.ts';
import { buttonStyles } from '../../parts/styles/button-styles.ts';
import { baseStyles } from '../../parts/styles/base-styles.ts';
import { shownName } from '../../parts/texts/names.ts';
import { runDeviceAction } from './run-device-action.ts';

/** Asks the person whether an agent may use their device. Nothing happens before they agree. */
export class DeviceRequestQuestion extends LitElement {
  static override styles = [
    baseStyles,
    buttonStyles,
    css`
      :host {
        position: absolute;
        z-index: 4;
        inset: auto 16px 16px;
        display: grid;
        justify-items: center;
        pointer-events: none;
      }
      .question {
        max-width: min(100%, 420px);
        padding: 16px;
        border: 1px solid var(--_line);
        border-radius: var(--_radius);
        background: var(--_raised);
        box-shadow: var(--_shadow);
        pointer-events: auto;
      }
      p {
        margin: 0;
        font-weight: 600;
      }
      footer {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        margin-block-start: 12px;
      }
    `,
  ];

  @property({ attribute: false }) tools: PictureToolsControl | null = null;
  @property({ attribute: false }) room: RoomControl | null = null;
  /** The request that is being carried out. */
  @state() private running: string | null = null;
  readonly #store = new StoreController<PictureToolsSnapshot>(this, () => this.tools);
  #shown: string | null = null;
  /** Where the focus was before the question. */
  #before: Element | null = null;

  constructor() {
    super();
    new LocaleController(this);
  }

  protected override render() {
    const request = this.#store.snapshot?.requests[0];
    if (!request) return nothing;
    const name = this.#nameOf(request);
    const busy = this.running === request.id;
    return html`<div
      class="question"
      role="alertdialog"
      aria-labelledby="question"
      @keydown=${(event: KeyboardEvent) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        this.#refuse(request);
      }}
    >
      <p id="question">${questionText(name, request.action)}</p>
      <footer>
        <button
          class="button primary"
          type="button"
          ?disabled=${busy}
          @click=${() => void this.#allow(request)}
        >
          ${msg('Allow')}
        </button>
        <button
          class="button"
          type="button"
          ?disabled=${busy}
          @click=${() => this.#refuse(request)}
        >
          ${msg('Not now')}
        </button>
      </footer>
    </div>`;
  }

  protected override updated(): void {
    const request = this.#store.snapshot?.requests[0]?.id ?? null;
    if (request === this.#shown) return;
    this.#shown = request;
    if (!request) return;
    this.#before ??= (this.getRootNode() as ShadowRoot).activeElement;
    this.renderRoot.querySelector('button')?.focus();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#shown = null;
    const before = this.#before;
    this.#before = null;
    if (before instanceof HTMLElement) before.focus();
  }

  #nameOf({ from }: DeviceRequest): string {
    const agent = this.room?.getSnapshot().people.find(({ id }) => id === from);
    return shownName(agent?.name ?? '');
  }

  async #allow(request: DeviceRequest): Promise<void> {
    const { room, tools } = this;
    if (!room || !tools) return;
    this.running = request.id;
    const answer = await runDeviceAction(room, request.action);
    this.running = null;
    tools.answer(request, answer);
  }

  #refuse(request: DeviceRequest): void {
    this.tools?.answer(request, 'refused');
  }
}

function questionText(name: string, action: DeviceAction): string {
  switch (action.kind) {
    case 'photo':
      return msg(str`${name} would like a photo from your camera. It goes into the chat.`);
    case 'flip':
      return msg(str`${name} asks you to switch to your other camera.`);
    case 'torch':
      return action.on
        ? msg(str`${name} asks you to turn on your light.`)
        : msg(str`${name} asks you to turn off your light.`);
    case 'detail':
      return action.on
        ? msg(str`${name} asks for a sharper picture, to read small print.`)
        : msg(str`${name} asks you to go back to the usual picture.`);
    case 'zoom':
      return msg(str`${name} asks to zoom your camera to ${action.factor}×.`);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rtc-device-request': DeviceRequestQuestion;
  }
}
