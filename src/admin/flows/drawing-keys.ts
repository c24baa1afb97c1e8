import { exitsOf, nextOf, stepOf } from '../../protocol/flow-graph.ts';
import type { Flow } from '../../protocol/flow.ts';
import { connect, moveSteps } from './edit-flow.ts';
import {
  EditorCommandEvent,
  FlowChangeEvent,
  FlowSelectEvent,
  commandOf,
} from './editor-events.ts';
import { stepTowards } from './geometry.ts';
import { pan, type Viewport } from './viewport.ts';

export const ZOOM_STEP = 1.25;
/** Units by which Alt with an arrow key moves steps. */
const MOVE_STEP = 20;
/** Pixels by which an arrow key moves the drawing when no step has the focus. */
const PAN_STEP = 60;

const ARROWS = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
} as const;
type Arrow = keyof typeof ARROWS;
const isArrow = (key: string): key is Arrow => Object.hasOwn(ARROWS, key);

export interface ExitOfStep {
  readonly id: string;
  readonly exit: string;
}

/** The drawing as the keys see it. */
interface KeysHost extends EventTarget {
  readonly flow: Flow;
  readonly selection: readonly string[];
  view: Viewport;
  /** The exit that the keyboard leads to a step. */
  linking: ExitOfStep | null;
  fitAll(): void;
  zoomBy(factor: number): void;
  focusStep(id: string): Promise<void>;
}

/** What the keys do on the drawing (keys-help.ts has the list for people). */
export class DrawingKeys {
  constructor(private readonly host: KeysHost) {}

  readonly handleKey = (event: KeyboardEvent): void => {
    if (!this.#takeKey(event, stepIdOf(event))) return;
    event.preventDefault();
    event.stopPropagation();
  };

  /** Whether the key means something here. */
  #takeKey(event: KeyboardEvent, id: string | null): boolean {
    const { key } = event;
    const hasModifier = event.ctrlKey || event.metaKey;
    if (isArrow(key)) return this.#takeArrow(key, id, event.altKey);
    if (!hasModifier && this.#zoomByKey(key)) return true;
    if (id && !hasModifier && key.toLowerCase() === 'l') return this.#nextExit(id);
    if (id && (key === 'Enter' || key === ' ')) return this.#press(event, id);
    if (this.host.linking && this.#endLink(key)) return true;
    return this.#command(event, id);
  }

  #takeArrow(key: Arrow, id: string | null, alt: boolean): boolean {
    const { host } = this;
    const [dx, dy] = ARROWS[key];
    if (id === null) {
      host.view = pan(host.view, -dx * PAN_STEP, -dy * PAN_STEP);
    } else if (alt) {
      const ids = host.selection.includes(id) ? host.selection : [id];
      const moved = moveSteps(host.flow, ids, [dx * MOVE_STEP, dy * MOVE_STEP]);
      host.dispatchEvent(new FlowChangeEvent(moved, `move ${ids.join()}`));
    } else {
      const to = stepTowards(host.flow, id, key);
      if (to !== null) void host.focusStep(to);
    }
    return true;
  }

  #zoomByKey(key: string): boolean {
    if (key === '+' || key === '=') this.host.zoomBy(ZOOM_STEP);
    else if (key === '-') this.host.zoomBy(1 / ZOOM_STEP);
    else if (key === '0') this.host.fitAll();
    else return false;
    return true;
  }

  /** Takes the first exit that leads nowhere, then one after another. */
  #nextExit(id: string): boolean {
    const { flow, linking } = this.host;
    const from = linking?.id ?? id;
    const step = stepOf(flow, from);
    const exits = step ? exitsOf(step) : [];
    const free = step && exits.find((exit) => nextOf(step, exit) === undefined);
    const exit = linking
      ? exits[(exits.indexOf(linking.exit) + 1) % exits.length]
      : (free ?? exits[0]);
    this.host.linking = exit === undefined ? null : { id: from, exit };
    return true;
  }

  #endLink(key: string): boolean {
    const { host } = this;
    const { linking } = host;
    if (!linking || !['Escape', 'Delete', 'Backspace'].includes(key)) return false;
    host.linking = null;
    if (key !== 'Escape') {
      host.dispatchEvent(new FlowChangeEvent(connect(host.flow, linking.id, linking.exit, null)));
    }
    return true;
  }

  #press({ shiftKey, ctrlKey, metaKey, key }: KeyboardEvent, id: string): boolean {
    const { host } = this;
    const { flow, linking, selection } = host;
    if (linking) {
      host.linking = null;
      if (id !== flow.start) {
        host.dispatchEvent(new FlowChangeEvent(connect(flow, linking.id, linking.exit, id)));
      }
    } else if (shiftKey || ctrlKey || metaKey) {
      const others = selection.filter((one) => one !== id);
      const isOut = others.length === selection.length;
      host.dispatchEvent(new FlowSelectEvent(isOut ? [...others, id] : others));
    } else {
      host.dispatchEvent(new FlowSelectEvent([id], key === 'Enter'));
    }
    return true;
  }

  #command(event: KeyboardEvent, id: string | null): boolean {
    const { host } = this;
    const command = commandOf(event);
    if (!command) return false;
    if (id && !host.selection.includes(id) && (command === 'delete' || command === 'copy')) {
      host.dispatchEvent(new FlowSelectEvent([id]));
    }
    host.dispatchEvent(new EditorCommandEvent(command));
    return true;
  }
}

/** The step at which an event happened. */
export function stepIdOf(event: Event): string | null {
  const target = event.target as Element | null;
  return target?.closest('[data-step]')?.getAttribute('data-step') ?? null;
}
