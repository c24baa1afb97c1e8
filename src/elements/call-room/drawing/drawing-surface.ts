import { msg, str } from '@lit/localize';
import { LitElement, css, html, nothing } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type { Mark, PictureToolsControl, Point } from '../../../call/picture-tools-control.ts';
import { LocaleController } from '../../../locales/locale-controller.ts';
import { drawingLimits } from '../../../protocol/drawing-limits.ts';
import { baseStyles } from '../../parts/styles/base-styles.ts';
import { styleProperties } from '../../parts/styles/template-bindings.ts';
import { toNearestPoint, toPixel, toPoint } from './geometry.ts';
import { cellOf, CURSOR_START, moveCursor } from './grid-cursor.ts';
import type { PictureOverlay } from './picture-overlay.ts';
import { thinLine } from './thin-line.ts';

export type DrawingTool = Mark['kind'] | 'pointer';

/**
 * Where an agent draws: by a pointer, or by keys on a grid. An arrow key moves by a cell, with Shift by an eighth of one;
 * Enter places a mark, or its first and then its second end. Escape takes back the end that was placed, then leaves.
 *
 * @event leave-drawing - The person pressed Escape.
 */
export class DrawingSurface extends LitElement {
  static override styles = [
    baseStyles,
    css`
      :host {
        position: absolute;
        inset: 0;
        pointer-events: auto;
      }
      .surface {
        position: absolute;
        inset: 0;
        cursor: crosshair;
        touch-action: none;
      }
      .surface:focus-visible {
        outline-offset: -3px;
      }
      input {
        position: absolute;
        width: min(220px, 60%);
        min-height: 36px;
        padding: 4px 8px;
        border: 2px solid var(--_accent);
        border-radius: var(--_radius-small);
        background: var(--_raised);
        color: var(--_text);
        font: inherit;
      }
    `,
  ];

  @property({ attribute: false }) overlay!: PictureOverlay;
  @property({ attribute: false }) tools!: PictureToolsControl;
  @property() tool: DrawingTool = 'arrow';
  /** Whose picture it is. */
  @property() name = '';

  /** Where a text is written; null: none is. */
  @state() private textAt: Point | null = null;
  @state() private spoken = '';
  @query('.surface') private readonly surface!: HTMLElement;
  @query('input') private readonly input!: HTMLInputElement | null;
  /** The points of the mark that is being drawn; empty: none is. */
  #points: readonly Point[] = [];
  #cursor = CURSOR_START;

  constructor() {
    super();
    new LocaleController(this);
  }

  override focus(): void {
    this.surface?.focus();
  }

  protected override firstUpdated(): void {
    this.surface.focus();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#drop();
    this.overlay.cursor = null;
    this.#pointAt(null);
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('tool')) return;
    this.#drop();
    this.textAt = null;
    if (changed.get('tool') === 'pointer') this.#pointAt(null);
  }

  protected override render() {
    return html`<div
        class="surface"
        role="application"
        tabindex="0"
        aria-label=${msg(str`Draw on ${this.name}’s picture`)}
        aria-description=${msg('Move with the arrow keys, in small steps with Shift. Press Enter to place.')}
        @pointerdown=${this.#handleDown}
        @pointermove=${this.#handleMove}
        @pointerup=${this.#handleUp}
        @pointercancel=${() => this.#drop()}
        @pointerleave=${() => this.#leavePointer()}
        @dblclick=${(event: Event) => event.stopPropagation()}
        @keydown=${this.#handleKeydown}
        @blur=${() => (this.overlay.cursor = null)}
      ></div>
      ${this.textAt ? this.#textField(this.textAt) : nothing}
      <span class="visually-hidden" role="status">${this.spoken}</span>`;
  }

  #textField(at: Point) {
    const { placement } = this.overlay;
    const pixel = placement ? toPixel(placement, at) : { x: 0, y: 0 };
    const left = Math.max(0, Math.min(pixel.x, this.clientWidth - 220));
    const top = Math.max(0, Math.min(pixel.y - 18, this.clientHeight - 36));
    return html`<input
      type="text"
      maxlength=${drawingLimits.textLength}
      aria-label=${msg('Text on the picture')}
      ${styleProperties({ left: `${left}px`, top: `${top}px` })}
      @keydown=${this.#handleTextKey}
      @blur=${() => this.#writeText()}
    />`;
  }

  protected override updated(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('textAt') && this.textAt) this.input?.focus();
  }

  // ---- by a pointer ----------------------------------------------------------------------------

  #pointOf({ clientX, clientY }: MouseEvent): Point | null {
    const { placement } = this.overlay;
    if (!placement) return null;
    const { left, top } = this.overlay.getBoundingClientRect();
    const pixel = { x: clientX - left, y: clientY - top };
    // A mark begins on the picture, and ends at its edge at the farthest.
    return this.#points.length ? toNearestPoint(placement, pixel) : toPoint(placement, pixel);
  }

  readonly #handleDown = (event: PointerEvent): void => {
    // The tile would move an enlarged picture.
    event.stopPropagation();
    if (event.button !== 0) return;
    const at = this.#pointOf(event);
    if (!at || this.tool === 'pointer') return;
    if (this.tool === 'number' || this.tool === 'text') return this.#place(at);
    this.surface.setPointerCapture(event.pointerId);
    this.#points = [at];
  };

  readonly #handleMove = (event: PointerEvent): void => {
    const at = this.#pointOf(event);
    if (this.tool === 'pointer') return this.#pointAt(at);
    if (!at || this.#points.length === 0) return;
    const first = this.#points[0]!;
    this.#points = this.tool === 'line' ? [...this.#points, at] : [first, at];
    this.overlay.preview = this.#mark();
  };

  readonly #handleUp = (event: PointerEvent): void => {
    if (this.#points.length === 0) return;
    this.#handleMove(event);
    const moved = this.#points.some((point) => distance(point, this.#points[0]!) > 0.01);
    if (moved) this.#finish();
    else this.#drop();
  };

  #leavePointer(): void {
    if (this.tool === 'pointer') this.#pointAt(null);
  }

  #pointAt(at: Point | null): void {
    if (at === null && this.overlay.ownPointer === null) return;
    this.overlay.ownPointer = at;
    this.tools.point(at);
  }

  // ---- by keys ---------------------------------------------------------------------------------

  readonly #handleKeydown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const moved = moveCursor(this.#cursor, event.key, event.shiftKey);
    if (moved) this.#moveTo(moved);
    else if (event.key === 'Enter') this.#enter();
    else if (event.key === 'Escape') this.#escape();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  #moveTo(at: Point): void {
    this.#cursor = at;
    this.overlay.cursor = at;
    const { column, row } = cellOf(at);
    this.spoken = msg(str`Column ${column}, row ${row}`);
    if (this.tool === 'pointer') this.#pointAt(at);
    else if (this.#points.length > 0) this.overlay.preview = this.#mark(at);
  }

  #enter(): void {
    const at = this.#cursor;
    this.overlay.cursor = at;
    const begun = this.#points.length > 0;
    if (this.tool === 'pointer') return this.#pointAt(at);
    if (this.tool === 'number' || this.tool === 'text') return this.#place(at);
    const again = begun && distance(this.#points.at(-1)!, at) === 0;
    // A line goes on until Enter is pressed twice in one place.
    if (begun && (this.tool !== 'line' || again)) {
      if (!again) this.#points = [...this.#points, at];
      if (this.#points.length > 1) return this.#finish();
      return;
    }
    this.#points = [...this.#points, at];
    this.spoken = begun
      ? msg('Point placed')
      : msg('Start placed. Move to the end, then press Enter.');
  }

  #escape(): void {
    if (this.#points.length > 0) return this.#drop();
    this.dispatchEvent(new Event('leave-drawing', { bubbles: true, composed: true }));
  }

  // ---- marks -----------------------------------------------------------------------------------

  #mark(to = this.#points.at(-1)!): Mark | null {
    const from = this.#points[0];
    if (!from) return null;
    const id = crypto.randomUUID();
    switch (this.tool) {
      case 'arrow':
      case 'circle':
        return { kind: this.tool, id, from, to };
      case 'line': {
        const points = this.#points.at(-1) === to ? this.#points : [...this.#points, to];
        if (points.length < 2) return null;
        return { kind: 'line', id, points: thinLine(points, drawingLimits.linePoints) };
      }
      default:
        return null;
    }
  }

  #finish(): void {
    const mark = this.#mark();
    this.#drop();
    if (mark) this.#add(mark);
  }

  #drop(): void {
    this.#points = [];
    this.overlay.preview = null;
  }

  #place(at: Point): void {
    if (this.tool === 'text') {
      this.textAt = at;
      return;
    }
    const { marks } = this.tools.getSnapshot().drawing;
    const last = Math.max(0, ...marks.map((mark) => (mark.kind === 'number' ? mark.number : 0)));
    this.#add({ kind: 'number', id: crypto.randomUUID(), at, number: Math.min(99, last + 1) });
  }

  #add(mark: Mark): void {
    const taken = this.tools.change({ kind: 'add', mark });
    this.spoken = taken ? msg('Mark placed') : msg('No more marks can be added.');
  }

  readonly #handleTextKey = (event: KeyboardEvent): void => {
    event.stopPropagation();
    // Not while a word is being composed, as in Chinese.
    if (event.isComposing) return;
    if (event.key === 'Escape') this.input!.value = '';
    else if (event.key !== 'Enter') return;
    event.preventDefault();
    this.#writeText();
    this.surface.focus();
  };

  #writeText(): void {
    const at = this.textAt;
    const text = this.input?.value.trim();
    this.textAt = null;
    if (at && text) this.#add({ kind: 'text', id: crypto.randomUUID(), at, text });
  }
}

const distance = ([ax = 0, ay = 0]: Point, [bx = 0, by = 0]: Point): number =>
  Math.hypot(ax - bx, ay - by);

declare global {
  interface HTMLElementTagNameMap {
    'rtc-drawing-surface': DrawingSurface;
  }
}
