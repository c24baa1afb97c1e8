import { localized, msg, str } from '@lit/localize';
import { LitElement, html, nothing, svg, type PropertyValues } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { exitsOf, stepOf } from '../../protocol/flow-graph.ts';
import type { Flow } from '../../protocol/flow.ts';
import { consoleStyles } from '../parts/console-styles.ts';
import { drawBand, drawStep, drawWire } from './draw-step.ts';
import { DrawingKeys, stepIdOf, ZOOM_STEP, type ExitOfStep } from './drawing-keys.ts';
import { DrawingGestures, movedBy, type Gesture } from './drawing-gestures.ts';
import { drawingStyles } from './drawing-styles.ts';
import { FlowSelectEvent } from './editor-events.ts';
import { boundsOf, boxOf, portOf, stepAt, wirePath, wiresOf, type Point } from './geometry.ts';
import { exitText, shortName, type FlowNames } from './step-texts.ts';
import { fit, reveal, zoom, type Viewport } from './viewport.ts';

/** The flow as a drawing. All of it works by pointer and by keyboard; the document is changed by events only. */
@localized()
export class FlowDrawing extends LitElement {
  static override styles = [consoleStyles, drawingStyles];

  @property({ attribute: false }) flow!: Flow;
  @property({ attribute: false }) names!: FlowNames;
  @property({ attribute: false }) selection: readonly string[] = [];
  /** The step at which the trial stands. */
  @property({ attribute: false }) current: string | null = null;
  /** What is wrong with each step, in words. */
  @property({ attribute: false }) faults: ReadonlyMap<string, string> = new Map();

  @state() view: Viewport = { x: 0, y: 0, scale: 1 };
  @state() gesture: Gesture | null = null;
  /** The exit that the keyboard leads to a step. */
  @state() linking: ExitOfStep | null = null;
  /** The step in the tab order. */
  @state() private reachable = '';

  @query('svg') private readonly canvas!: SVGSVGElement;

  readonly #gestures = new DrawingGestures(this);
  readonly #keys = new DrawingKeys(this);
  #isOpened = false;

  protected override firstUpdated(): void {
    // The wheel zooms the drawing and does not scroll the page.
    this.canvas.addEventListener('wheel', this.#gestures.handleWheel, { passive: false });
    new ResizeObserver(() => {
      if (this.#isOpened || this.clientWidth === 0) return;
      this.#isOpened = true;
      this.fitAll();
    }).observe(this);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('selection') || !stepOf(this.flow, this.reachable)) {
      this.reachable =
        this.selection.at(-1) ??
        (stepOf(this.flow, this.reachable) ? this.reachable : this.flow.start);
    }
    if (changed.has('flow') && this.linking && !stepOf(this.flow, this.linking.id))
      this.linking = null;
  }

  /** Shows all steps. */
  fitAll(): void {
    this.view = fit(boundsOf(this.flow), this.#size);
  }

  /** Shows a step. */
  reveal(id: string): void {
    this.view = reveal(this.view, boxOf(this.flow, id), this.#size);
  }

  /** Shows a step and gives it the focus. */
  async focusStep(id: string): Promise<void> {
    this.reachable = id;
    this.reveal(id);
    await this.updateComplete;
    this.renderRoot.querySelector<SVGElement>(`[data-step="${id}"]`)?.focus();
  }

  localPoint(event: MouseEvent): Point {
    const { left, top } = this.canvas.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }

  get #size() {
    return { width: this.canvas.clientWidth || 1, height: this.canvas.clientHeight || 1 };
  }

  protected override render() {
    const { gesture, view, selection } = this;
    const isMoved = gesture?.kind === 'move' && gesture.moved;
    const flow = isMoved ? movedBy(this.flow, gesture) : this.flow;
    return html`<svg
        class=${gesture?.kind === 'pan' ? 'canvas panning' : 'canvas'}
        role="group"
        aria-label=${msg('Drawing of the flow')}
        @pointerdown=${this.#gestures.handleDown}
        @pointermove=${this.#gestures.handleMove}
        @pointerup=${this.#gestures.handleUp}
        @pointercancel=${this.#gestures.handleUp}
        @dblclick=${this.#handleDoubleClick}
        @keydown=${this.#keys.handleKey}
        @focusin=${this.#handleFocus}
      >
        <g transform="translate(${view.x} ${view.y}) scale(${view.scale})">
          ${wiresOf(flow).map((wire) => drawWire(flow, wire, selection.includes(wire.from)))}
          ${Object.keys(flow.nodes).map((id) => this.#drawStep(flow, id))}
          ${this.#drawGesture(flow)}
        </g>
      </svg>
      ${this.#renderZoom()}
      <p class="visually-hidden" role="status">${this.#linkingText()}</p>`;
  }

  #drawStep(flow: Flow, id: string) {
    const { gesture, linking } = this;
    const led = gesture?.kind === 'wire' ? stepAt(flow, gesture.now) : null;
    return drawStep({
      flow,
      id,
      names: this.names,
      selected: this.selection.includes(id),
      reachable: id === this.reachable,
      current: id === this.current,
      target: led === id || (linking !== null && id === this.reachable),
      fault: this.faults.get(id) ?? '',
    });
  }

  #drawGesture(flow: Flow) {
    const { gesture } = this;
    if (gesture?.kind === 'band') return drawBand(gesture.start, gesture.now);
    if (gesture?.kind !== 'wire') return nothing;
    const step = stepOf(flow, gesture.id);
    const index = step ? exitsOf(step).indexOf(gesture.exit) : 0;
    return svg`<path class="wire draft" d=${wirePath(portOf(flow, gesture.id, index), gesture.now)}></path>`;
  }

  #renderZoom() {
    const button = (icon: string, label: string, press: () => void) =>
      html`<wa-button appearance="plain" size="s" @click=${press}>
        <wa-icon name=${icon} label=${label}></wa-icon>
      </wa-button>`;
    return html`<div class="zoom" role="group" aria-label=${msg('Zoom')}>
      ${button('zoom-out', msg('Zoom out'), () => this.zoomBy(1 / ZOOM_STEP))}
      ${button('zoom-in', msg('Zoom in'), () => this.zoomBy(ZOOM_STEP))}
      ${button('fit', msg('Show everything'), () => this.fitAll())}
    </div>`;
  }

  #linkingText(): string {
    if (!this.linking) return '';
    const { id, exit } = this.linking;
    const step = stepOf(this.flow, id);
    if (!step) return '';
    const name = exitText(step, exit, this.names);
    const from = shortName(this.flow, id, this.names);
    return msg(
      str`Exit “${name}” of ${from}: go to a step by the arrow keys and press Enter. L: next exit. Escape: leave it.`,
    );
  }

  /** Zooms around the middle. */
  zoomBy(factor: number): void {
    const { width, height } = this.#size;
    this.view = zoom(this.view, factor, { x: width / 2, y: height / 2 });
  }

  readonly #handleDoubleClick = (event: MouseEvent): void => {
    const id = stepIdOf(event);
    if (id) this.dispatchEvent(new FlowSelectEvent([id], true));
  };

  readonly #handleFocus = (event: FocusEvent): void => {
    const id = stepIdOf(event);
    if (!id) return;
    this.reachable = id;
    if (!this.gesture) this.reveal(id);
  };
}
