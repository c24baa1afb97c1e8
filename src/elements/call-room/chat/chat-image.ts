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

/** The largest size in the conversation, in CSS pixels. */
const MAX_WIDTH = 240;
const MAX_HEIGHT = 280;

/**
 * A picture of the conversation. It is drawn into a canvas: the page gets no address of it, and no policy has
 * to allow blob: or data:. A press shows it large.
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
  /** The id of the picture that is being fetched. An answer for another one is dropped. */
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
      // Not fetched, or not a picture: shown with a button that tries again.
      if (this.#wanted === image.id) this.status = 'failed';
    }
  }

  async #open(): Promise<void> {
    if (!this.#blob) return;
    this.large = true;
    await this.updateComplete;
    this.dialog.showModal();
    const canvas = this.dialog.querySelector('canvas');
    // The small picture was drawn from the same bytes, so that they are a picture.
    if (canvas)
      drawInto(canvas, await createImageBitmap(this.#blob), { width: 2560, height: 2560 });
  }
}

/** The size in the conversation. A picture of unknown size gets a square. */
function fit(width: number, height: number): { width: number; height: number } {
  if (!width || !height) return { width: 160, height: 160 };
  const scale = Math.min(1, MAX_WIDTH / width, MAX_HEIGHT / height);
  return {
    width: Math.max(44, Math.round(width * scale)),
    height: Math.max(44, Math.round(height * scale)),
  };
}

/** Draws the bitmap and closes it. */
function drawInto(
  canvas: HTMLCanvasElement,
  bitmap: ImageBitmap,
  max: { readonly width: number; readonly height: number },
): void {
  const scale = Math.min(1, max.width / bitmap.width, max.height / bitmap.height);
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
