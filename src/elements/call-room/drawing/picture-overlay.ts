import { msg, str } from '@lit/localize';
import { LitElement, css, html, nothing, type PropertyValues } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type {
  Mark,
  PictureToolsControl,
  PictureToolsSnapshot,
  Point,
} from '../../../call/picture-tools-control.ts';
import { LocaleController } from '../../../locales/locale-controller.ts';
import { StoreController } from '../../parts/controllers/store-controller.ts';
import { baseStyles } from '../../parts/styles/base-styles.ts';
import { buttonStyles } from '../../parts/styles/button-styles.ts';
import { chipStyles } from '../../parts/styles/chip-styles.ts';
import { styleProperties } from '../../parts/styles/template-bindings.ts';
import type { ParticipantTile } from '../stage/participant-tile.ts';
import { markScale, toPixel, type Placement, type Size } from './geometry.ts';
import { paintCursor, paintMark, paintPointer } from './paint-marks.ts';

/** A frozen picture that was loaded, and the canvas that shows it. */
interface Still {
  readonly id: string;
  readonly size: Size | 'loading' | 'failed';
}

/**
 * What agents draw on the picture of a tile, and the still that they froze. It lies in the tile, and follows how the
 * tile shows its video: its size, fit, mirroring, zoom and pan.
 *
 * @slot - The surface on which the agent draws.
 */
export class PictureOverlay extends LitElement {
  static override styles = [
    baseStyles,
    buttonStyles,
    chipStyles,
    css`
      :host {
        position: absolute;
        inset: 0;
        pointer-events: none;
      }
      canvas {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
      }
      .note {
        position: absolute;
        /* Below the clock. */
        inset-block-start: 44px;
        inset-inline: 8px;
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: center;
        gap: 8px;
        margin: 0;
      }
      .note .button {
        pointer-events: auto;
      }
    `,
  ];

  @property({ attribute: false }) tile: ParticipantTile | null = null;
  @property({ attribute: false }) tools: PictureToolsControl | null = null;
  /** Who draws or has frozen the picture, for the person who is shown; null for the agent who does it. */
  @property({ attribute: false }) author: string | null = null;
  /** A mark that is being drawn on this page. */
  @property({ attribute: false }) preview: Mark | null = null;
  /** The keyboard's position. */
  @property({ attribute: false }) cursor: Point | null = null;
  /** Where this person points. */
  @property({ attribute: false }) ownPointer: Point | null = null;

  @state() private still: Still | null = null;
  @query('.still') private readonly stillCanvas!: HTMLCanvasElement;
  @query('.marks') private readonly marksCanvas!: HTMLCanvasElement;
  readonly #store = new StoreController<PictureToolsSnapshot>(this, () => this.tools);
  #video: HTMLVideoElement | null = null;
  readonly #resized = new ResizeObserver(() => this.requestUpdate());
  readonly #restyled = new MutationObserver(() => this.requestUpdate());

  constructor() {
    super();
    new LocaleController(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resized.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized.disconnect();
    this.#follow(null);
  }

  /** Where points of the frame are in this element now; null while there is no picture. */
  get placement(): Placement | null {
    const video = this.#video;
    const frame = this.#frame();
    if (!video || !frame?.width || this.clientWidth === 0) return null;
    const { objectFit, transform } = getComputedStyle(video);
    return {
      tile: { width: this.clientWidth, height: this.clientHeight },
      frame,
      fit: objectFit === 'cover' ? 'cover' : 'contain',
      matrix: new DOMMatrix(transform),
    };
  }

  /** The still, or the video's picture of this moment; null while there is none. */
  get picture(): HTMLCanvasElement | HTMLVideoElement | null {
    if (!this.#frame()?.width) return null;
    return this.still ? this.stillCanvas : this.#video;
  }

  #frame(): Size | null {
    if (this.still) return typeof this.still.size === 'object' ? this.still.size : null;
    const video = this.#video;
    if (!video || video.hidden) return null;
    return { width: video.videoWidth, height: video.videoHeight };
  }

  protected override willUpdate(): void {
    this.#follow(this.tile?.video ?? null);
    const id = this.#store.snapshot?.drawing.picture?.still ?? null;
    if (id === (this.still?.id ?? null)) return;
    this.still = id ? { id, size: 'loading' } : null;
    if (id) void this.#load(id);
  }

  protected override render() {
    const { still } = this;
    const video = this.#video && getComputedStyle(this.#video);
    const shownAs = { 'object-fit': video?.objectFit ?? null, transform: video?.transform ?? null };
    const count = this.#store.snapshot?.drawing.marks.length ?? 0;
    return html`<canvas
        class="still"
        ?hidden=${typeof still?.size !== 'object'}
        ${styleProperties(shownAs)}
      ></canvas>
      <canvas
        class="marks"
        role="img"
        aria-label=${count === 1 ? msg('1 mark on the picture') : msg(str`${count} marks on the picture`)}
      ></canvas>
      <slot></slot>
      <p class="note" role="status">${this.#note()}</p>`;
  }

  #note() {
    const { author, still } = this;
    if (still?.size === 'failed') {
      return html`<span>${msg('The frozen picture could not be loaded.')}</span
        ><button class="button" type="button" @click=${() => void this.#load(still.id)}>
          ${msg('Try again')}
        </button>`;
    }
    if (!author || !this.#store.snapshot?.drawing.picture) return nothing;
    return html`<span
      >${
        still
          ? msg(str`${author} has frozen the picture`)
          : msg(str`${author} is drawing on the picture`)
      }</span
    >`;
  }

  protected override updated(_changed: PropertyValues): void {
    const { marksCanvas: canvas, placement } = this;
    const ratio = devicePixelRatio;
    const width = Math.round(this.clientWidth * ratio);
    const height = Math.round(this.clientHeight * ratio);
    // Setting the size clears the canvas.
    canvas.width = width;
    canvas.height = height;
    const pen = canvas.getContext('2d');
    const snapshot = this.#store.snapshot;
    if (!pen || !placement || !snapshot) return;
    pen.scale(ratio, ratio);
    const scale = markScale(placement);
    const at = (point: Point) => toPixel(placement, point);
    for (const mark of snapshot.drawing.marks) paintMark(pen, mark, at, scale);
    if (this.preview) paintMark(pen, this.preview, at, scale);
    for (const point of snapshot.pointers.values()) paintPointer(pen, at(point), scale);
    if (this.ownPointer) paintPointer(pen, at(this.ownPointer), scale);
    if (this.cursor) paintCursor(pen, at(this.cursor), scale);
  }

  #follow(video: HTMLVideoElement | null): void {
    if (video === this.#video) return;
    const change = () => this.requestUpdate();
    this.#video?.removeEventListener('resize', this.#handleFrame);
    this.#restyled.disconnect();
    this.#video = video;
    video?.addEventListener('resize', this.#handleFrame);
    if (video) {
      this.#restyled.observe(video, { attributeFilter: ['style', 'class', 'hidden'] });
      change();
    }
  }

  /** The first frame, or one of another size: a phone was turned. */
  readonly #handleFrame = (): void => this.requestUpdate();

  async #load(id: string): Promise<void> {
    const isWanted = () => this.still?.id === id;
    this.still = { id, size: 'loading' };
    try {
      // In a browser every picture of the headless call is a Blob.
      const blob = (await this.tools!.loadStill(id)) as Blob;
      const bitmap = await createImageBitmap(blob);
      await this.updateComplete;
      if (isWanted()) {
        const { width, height } = bitmap;
        Object.assign(this.stillCanvas, { width, height });
        this.stillCanvas.getContext('2d')?.drawImage(bitmap, 0, 0);
        this.still = { id, size: { width, height } };
      }
      bitmap.close();
    } catch (error) {
      console.warn('rtc-desk', error);
      if (isWanted()) this.still = { id, size: 'failed' };
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rtc-picture-overlay': PictureOverlay;
  }
}
