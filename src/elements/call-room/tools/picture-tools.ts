import { msg } from '@lit/localize';
import { LitElement, html, nothing, svg, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { LocaleController } from '../../../locales/locale-controller.ts';
import { RovingFocus } from '../../parts/controllers/roving-focus.ts';
import { ask } from '../../parts/events/requests.ts';
import { draw } from '../../parts/icons.ts';
import { baseStyles } from '../../parts/styles/base-styles.ts';
import { buttonStyles } from '../../parts/styles/button-styles.ts';
import type { ParticipantTile } from '../stage/participant-tile.ts';
import { PictureGestures } from './picture-gestures.ts';
import { pictureButtonStyles } from '../../parts/styles/picture-button-styles.ts';
import { pictureToolsStyles } from './picture-tools-styles.ts';
import { moveBy, WHOLE_PICTURE, zoomAt, type PictureView } from './picture-view.ts';

const zoomInIcon = () =>
  draw(svg`<circle cx="10.5" cy="10.5" r="6.5" /><path d="M15.5 15.5 20 20M10.5 8v5M8 10.5h5" />`);
const zoomOutIcon = () =>
  draw(svg`<circle cx="10.5" cy="10.5" r="6.5" /><path d="M15.5 15.5 20 20M8 10.5h5" />`);
const fillIcon = () =>
  draw(
    svg`<rect x="3" y="5" width="18" height="14" rx="2.5" /><path d="M9 9H7v2M15 9h2v2M9 15H7v-2M15 15h2v-2" />`,
  );
const pinIcon = () =>
  draw(svg`<path d="M9 4h6l-.8 6 3.3 3.5v1.5h-11v-1.5L9.8 10 9 4zM12 15v5.5" />`);

const ZOOM_STEP = 1.5;
/** Of the frame, by one arrow key. */
const PAN_STEP = 0.1;

/**
 * How somebody else's picture is shown: whole or filling its frame, enlarged, moved, pinned. By buttons, by the wheel,
 * by pinching and dragging, and by keys while the focus is in the tile. A chunk of its own, loaded when a pointer or
 * the focus comes to a tile.
 */
export class PictureTools extends LitElement {
  static override styles = [baseStyles, buttonStyles, pictureButtonStyles, pictureToolsStyles];

  @property({ attribute: false }) tile: ParticipantTile | null = null;
  @property({ type: Boolean }) pinned = false;
  /** A small tile has no zoom. */
  @property({ type: Boolean }) compact = false;
  /** A pin matters only where there is more than one tile of others. */
  @property({ type: Boolean }) pinnable = false;

  @state() private view: PictureView = WHOLE_PICTURE;
  @state() private filled = false;
  @state() private hovered = false;
  readonly #focus = new RovingFocus(this, 'button');
  #gestures: PictureGestures | null = null;

  constructor() {
    super();
    new LocaleController(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    const { tile } = this;
    tile?.removeEventListener('keydown', this.#handleKeydown);
    tile?.removeEventListener('pointerenter', this.#handleHover);
    tile?.removeEventListener('pointerleave', this.#handleHover);
    this.#gestures?.stop();
    this.#gestures = null;
  }

  /** An element that is on the page before its code has its properties from the first update on. */
  protected override willUpdate(): void {
    const { tile } = this;
    if (!tile || this.#gestures || !this.isConnected) return;
    tile.addEventListener('keydown', this.#handleKeydown);
    tile.addEventListener('pointerenter', this.#handleHover);
    tile.addEventListener('pointerleave', this.#handleHover);
    this.hovered = tile.matches(':hover');
    this.#gestures = new PictureGestures(tile, {
      zoom: (factor, point) => this.#show(zoomAt(this.view, factor, point, this.#frame)),
      move: (x, y) => this.#show(moveBy(this.view, x, y, this.#frame)),
      toggle: (point) =>
        this.#show(
          this.view.scale > 1 ? WHOLE_PICTURE : zoomAt(WHOLE_PICTURE, 2, point, this.#frame),
        ),
    });
  }

  protected override render() {
    const { tile, view, filled } = this;
    if (!tile) return nothing;
    const enlarged = view.scale > 1;
    return html`<div
      class="tools ${this.hovered || enlarged ? 'shown' : ''}"
      role="toolbar"
      aria-label=${msg('Picture')}
      @keydown=${this.#focus.handleKeydown}
      @focusin=${this.#focus.handleFocusin}
    >
      ${
        this.compact
          ? nothing
          : html`${this.#button(msg('Zoom in'), zoomInIcon(), () => this.#zoom(ZOOM_STEP))}
            ${
              enlarged
                ? this.#button(msg('Zoom out'), zoomOutIcon(), () => this.#zoom(1 / ZOOM_STEP))
                : nothing
            }
            ${this.#button(msg('Fill the frame'), fillIcon(), () => this.#fill(), filled)}`
      }
      ${
        this.pinnable
          ? this.#button(msg('Pin'), pinIcon(), () => this.#pin(), this.pinned)
          : nothing
      }
    </div>`;
  }

  #button(name: string, icon: TemplateResult, press: () => void, pressed?: boolean) {
    return html`<button
      type="button"
      class="icon-button"
      aria-label=${name}
      title=${name}
      aria-pressed=${pressed ?? nothing}
      @click=${press}
    >
      ${icon}
    </button>`;
  }

  get #frame() {
    const { clientWidth: width, clientHeight: height } = this.tile!;
    return { width, height };
  }

  #show(view: PictureView): void {
    this.view = view;
    const { style } = this.tile!.video;
    const { scale, x, y } = view;
    style.transform = scale > 1 ? `translate(${x}px, ${y}px) scale(${scale})` : '';
    this.tile!.style.cursor = scale > 1 ? 'grab' : '';
  }

  #zoom(factor: number): void {
    this.#show(zoomAt(this.view, factor, { x: 0, y: 0 }, this.#frame));
  }

  #fill(): void {
    this.filled = !this.filled;
    this.tile!.video.style.objectFit = this.filled ? 'cover' : '';
  }

  #pin(): void {
    const { person, kind } = this.tile!;
    if (person) ask(this, 'pin-request', { key: this.pinned ? null : `${kind} ${person.id}` });
  }

  readonly #handleHover = ({ type, pointerType }: PointerEvent): void => {
    this.hovered = type === 'pointerenter' && pointerType === 'mouse';
  };

  readonly #handleKeydown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const { width, height } = this.#frame;
    const move = (x: number, y: number) => this.#show(moveBy(this.view, x, y, this.#frame));
    const keys: Record<string, () => void> = {
      '+': () => this.#zoom(ZOOM_STEP),
      '=': () => this.#zoom(ZOOM_STEP),
      '-': () => this.#zoom(1 / ZOOM_STEP),
      '0': () => this.#show(WHOLE_PICTURE),
      ArrowLeft: () => move(width * PAN_STEP, 0),
      ArrowRight: () => move(-width * PAN_STEP, 0),
      ArrowUp: () => move(0, height * PAN_STEP),
      ArrowDown: () => move(0, -height * PAN_STEP),
    };
    const run = keys[event.key];
    // Without a larger picture the arrows are the page's.
    if (!run || (event.key.startsWith('Arrow') && this.view.scale === 1)) return;
    event.preventDefault();
    run();
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'rtc-picture-tools': PictureTools;
  }
}
