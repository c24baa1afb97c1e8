import { msg, str } from '@lit/localize';
import { LitElement, html, nothing, type PropertyValues } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type { ChatEntry, RoomControl } from '../../../call/room-control.ts';
import { LocaleController } from '../../../locales/locale-controller.ts';
import { closeIcon } from '../../parts/icons.ts';
import { styleProperties } from '../../parts/styles/template-bindings.ts';
import { retryIcon } from './chat-icons.ts';
import { chatImageStyles } from './chat-image-styles.ts';

/** Fetches a picture by its id. Rejects with an RtcDeskError. */
export type LoadImage = RoomControl['loadImage'];

/** As wide as a picture stands in the conversation, in CSS pixels. */
const WIDTH = 240;
const HEIGHT = 280;

/**
 * A picture of the conversation, drawn into a canvas, so that no address of it stands in the page and no
 * policy need allow blob: or data:. A press shows it large.
 */
export class ChatImageView extends LitElement {
  static override styles = chatImageStyles;

  @property({ attribute: false }) image: ChatEntry['image'] = null;
  @property({ attribute: false }) sender = '';
  @property({ attribute: false }) load: LoadImage | null = null;

  @state() private status: 'loading' | 'drawn' | 'failed' = 'loading';
  @state() private large = false;
  @query('button canvas') private canvas!: HTMLCanvasElement;
  @query('dialog') private dialog!: HTMLDialogElement;
  /** Of the picture that is being fetched: what comes for another one is dropped. */
  #wanted: string | null = null;
  #blob: Blob | null = null;

  constructor() {
    super();
    new LocaleController(this);
  }

  protected override render() {
    const { image } = this;
    if (!image) return nothing;
    const { width, height } = fit(image.width, image.height);
    const size = { '--_width': `${width}px`, '--_ratio': `${width} / ${height}` };
    if (this.status === 'failed') {
      return html`<div class="picture failed" ${styleProperties(size)}>
        <p>${msg('The picture could not be loaded.')}</p>
        <button class="button" type="button" @click=${() => void this.#draw()}>
          ${retryIcon()} ${msg('Try again')}
        </button>
      </div>`;
    }
    return html`<button
        class="picture"
        type="button"
        ${styleProperties(size)}
        aria-label=${msg(str`Picture from ${this.sender}`)}
        aria-busy=${this.status === 'loading'}
        @click=${() => void this.#open()}
      >
        <canvas></canvas>
      </button>
      ${
        this.large
          ? html`<dialog
              aria-label=${msg(str`Picture from ${this.sender}`)}
              @close=${() => (this.large = false)}
              @click=${() => this.dialog.close()}
            >
              <canvas></canvas>
              <button class="icon-button" type="button" aria-label=${msg('Close picture')}>
                ${closeIcon()}
              </button>
            </dialog>`
          : nothing
      }`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has('image')) return;
    const key = this.image?.id ?? null;
    if (key === this.#wanted) return;
    this.#wanted = key;
    void this.#draw();
  }

  async #draw(): Promise<void> {
    const { image } = this;
    if (!image) return;
    this.status = 'loading';
    this.#blob = null;
    try {
      // In a browser every picture of the headless call is a Blob.
      const blob = (image.local ?? (await this.load?.(image.id))) as Blob | undefined;
      if (!blob) return;
      const bitmap = await createImageBitmap(blob);
      await this.updateComplete;
      if (this.#wanted !== image.id) return bitmap.close();
      const { width, height } = fit(image.width, image.height);
      drawInto(this.canvas, bitmap, {
        width: width * devicePixelRatio,
        height: height * devicePixelRatio,
      });
      this.#blob = blob;
      this.status = 'drawn';
    } catch {
      // Not fetched, or no picture: shown with a button that tries again.
      if (this.#wanted === image.id) this.status = 'failed';
    }
  }

  async #open(): Promise<void> {
    if (!this.#blob) return;
    this.large = true;
    await this.updateComplete;
    this.dialog.showModal();
    const canvas = this.dialog.querySelector('canvas');
    // It was drawn small a moment ago, so that these bytes are known to be a picture.
    if (canvas)
      drawInto(canvas, await createImageBitmap(this.#blob), { width: 2560, height: 2560 });
  }
}

/** The size in the conversation; a picture whose size is not known yet gets a square. */
function fit(width: number, height: number): { width: number; height: number } {
  if (!width || !height) return { width: 160, height: 160 };
  const scale = Math.min(1, WIDTH / width, HEIGHT / height);
  return {
    width: Math.max(44, Math.round(width * scale)),
    height: Math.max(44, Math.round(height * scale)),
  };
}

/** Lets go of the bitmap, too. */
function drawInto(
  canvas: HTMLCanvasElement,
  bitmap: ImageBitmap,
  most: { readonly width: number; readonly height: number },
): void {
  const scale = Math.min(1, most.width / bitmap.width, most.height / bitmap.height);
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
}

declare global {
  interface HTMLElementTagNameMap {
    'rtc-chat-image': ChatImageView;
  }
}
