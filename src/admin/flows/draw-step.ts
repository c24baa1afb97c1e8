import { nothing, svg, type SVGTemplateResult } from 'lit';
import { classMap } from 'lit/directives/class-map.js';
import { exitsOf, nextOf, stepOf } from '../../protocol/flow-graph.ts';
import type { Flow, FlowStep, StepType } from '../../protocol/flow.ts';
import { boxOf, entryOf, fitText, portOf, STEP_WIDTH, type Point, type Wire } from './geometry.ts';
import { exitText, stepName, titleOf, typeText, type FlowNames } from './step-texts.ts';

export interface DrawnStep {
  readonly flow: Flow;
  readonly id: string;
  readonly names: FlowNames;
  readonly selected: boolean;
  /** In the tab order: one step of the drawing is. */
  readonly reachable: boolean;
  /** The step at which the trial stands. */
  readonly current: boolean;
  /** A wire is being led here. */
  readonly target: boolean;
  /** What is wrong with the step, in words; '' for nothing. */
  readonly fault: string;
}

const KINDS: Partial<Record<StepType, string>> = {
  hours: 'decides',
  condition: 'decides',
  set: 'acts',
  request: 'acts',
  start: 'acts',
  end: 'acts',
  queue: 'queue',
};
/** Letters of a title and of an exit that fit on a step. */
const TITLE_UNITS = 25;
const EXIT_UNITS = 27;

/** A step as a card: type, title, and a line with a port for each exit. */
export function drawStep(drawn: DrawnStep): SVGTemplateResult {
  const { flow, id, names, selected, reachable, current, target, fault } = drawn;
  const step = stepOf(flow, id);
  if (!step) return svg``;
  const { x, y, width, height } = boxOf(flow, id);
  const classes = {
    step: true,
    [KINDS[step.type] ?? 'asks']: true,
    selected,
    current,
    target,
    faulty: fault !== '',
  };
  const name = stepName(flow, id, names);
  return svg`<g class=${classMap(classes)}>
    <g
      data-step=${id}
      role="button"
      tabindex=${reachable ? 0 : -1}
      aria-label=${fault ? `${name}; ${fault}` : name}
      aria-pressed=${selected}
      aria-current=${current ? 'step' : nothing}
    >
      <rect class="card" x=${x} y=${y} width=${width} height=${height} rx="10"></rect>
      <rect class="stripe" x=${x} y=${y + 10} width="4" height=${height - 20} rx="2"></rect>
      ${fault ? svg`<text class="mark" x=${x + width - 14} y=${y + 23}>!</text>` : nothing}
    </g>
    <g aria-hidden="true">
      <text class="type" x=${x + 16} y=${y + 22}>${typeText(step.type)}</text>
      <text x=${x + 16} y=${y + 42}>${fitText(titleOf(step, names), TITLE_UNITS)}</text>
    </g>
    <g aria-hidden="true">${exitsOf(step).map((exit, index) => drawExit(drawn, step, exit, index))}</g>
  </g>`;
}

/** A line with its port. The name of the step says the same to screen readers. */
function drawExit(
  { flow, id, names }: DrawnStep,
  step: FlowStep,
  exit: string,
  index: number,
): SVGTemplateResult {
  const { x, y } = portOf(flow, id, index);
  const isWired = nextOf(step, exit) !== undefined;
  return svg`<text class="exit" x=${x - 16} y=${y + 4}>
      ${fitText(exitText(step, exit, names), EXIT_UNITS)}
    </text>
    <circle class=${isWired ? 'port wired' : 'port'} cx=${x} cy=${y} r="6"></circle>
    <circle class="grip" data-of=${id} data-exit=${exit} cx=${x} cy=${y} r="14"></circle>`;
}

/** The wire of an exit, with its arrow. `from`: its step is selected. */
export function drawWire(flow: Flow, { path, to }: Wire, from: boolean): SVGTemplateResult {
  const { x, y } = entryOf(flow, to);
  return svg`<path class=${from ? 'wire from' : 'wire'} d=${path}></path>
    <path class="arrow" d="M${x - 9} ${y - 5} L${x} ${y} L${x - 9} ${y + 5} Z"></path>`;
}

/** The rectangle between two points. */
export function drawBand(a: Point, b: Point): SVGTemplateResult {
  return svg`<rect
    class="band"
    x=${Math.min(a.x, b.x)}
    y=${Math.min(a.y, b.y)}
    width=${Math.abs(a.x - b.x)}
    height=${Math.abs(a.y - b.y)}
  ></rect>`;
}

/** The steps whose middle is between two points. */
export function stepsBetween(flow: Flow, a: Point, b: Point): string[] {
  const isWithin = (value: number, one: number, other: number): boolean =>
    value >= Math.min(one, other) && value <= Math.max(one, other);
  return Object.keys(flow.nodes).filter((id) => {
    const { x, y, height } = boxOf(flow, id);
    return isWithin(x + STEP_WIDTH / 2, a.x, b.x) && isWithin(y + height / 2, a.y, b.y);
  });
}
