/** The stage of a room. Its class imports this file. */
type Stage = HTMLElement & { readonly renderRoot: HTMLElement | DocumentFragment };

/** Where this person's own picture lies on a stage of two. The first one is the stage's own place. */
export const OWN_PLACES = ['bottom-end', 'bottom-start', 'top-start', 'top-end'] as const;
export type OwnPlace = (typeof OWN_PLACES)[number] | 'hidden';

const RULES = `
  :host([own='hidden']) .floating { display: none; }
  :host([own='top-start']) .floating { left: 16px !important; top: 16px !important; }
  :host([own='top-end']) .floating { top: 16px !important; }
  :host([own='bottom-start']) .floating { left: 16px !important; }
  .floating { cursor: move; touch-action: none; }
`;

const changed = new WeakSet<Stage>();

export const ownPlace = (stage: Stage): OwnPlace =>
  (stage.getAttribute('own') as OwnPlace | null) ?? OWN_PLACES[0];

export function setOwnPlace(stage: Stage, place: OwnPlace): void {
  prepareStage(stage);
  stage.setAttribute('own', place);
}

/** The next corner. */
export const nextOwnPlace = (place: OwnPlace): OwnPlace =>
  OWN_PLACES[(OWN_PLACES.indexOf(place as (typeof OWN_PLACES)[number]) + 1) % OWN_PLACES.length]!;

/** The corner of the stage that is nearest to a point. `x` and `y` are shares of its width and height. */
export function nearestOwnPlace(x: number, y: number): OwnPlace {
  return `${y < 0.5 ? 'top' : 'bottom'}-${x < 0.5 ? 'start' : 'end'}`;
}

/** Lets a pointer drag the own picture to a corner. Further calls change nothing. */
export function prepareStage(stage: Stage): void {
  if (changed.has(stage)) return;
  changed.add(stage);
  const root = stage.renderRoot as ShadowRoot;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(RULES);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  root.addEventListener('pointerdown', (event) => startDrag(stage, event as PointerEvent));
}

function startDrag(stage: Stage, start: PointerEvent): void {
  const tile = (start.target as Element).closest<HTMLElement>('.floating');
  if (!tile || start.button !== 0) return;
  start.preventDefault();
  tile.setPointerCapture(start.pointerId);
  const move = (event: PointerEvent) => {
    tile.style.translate = `${event.clientX - start.clientX}px ${event.clientY - start.clientY}px`;
  };
  const end = (event: PointerEvent) => {
    tile.style.translate = '';
    for (const type of ['pointermove', 'pointerup', 'pointercancel'] as const) {
      tile.removeEventListener(type, type === 'pointermove' ? move : end);
    }
    const { left, top, width, height } = stage.getBoundingClientRect();
    if (event.type === 'pointercancel' || !width || !height) return;
    if (Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY) < 8) return;
    setOwnPlace(
      stage,
      nearestOwnPlace((event.clientX - left) / width, (event.clientY - top) / height),
    );
  };
  tile.addEventListener('pointermove', move);
  tile.addEventListener('pointerup', end);
  tile.addEventListener('pointercancel', end);
}
