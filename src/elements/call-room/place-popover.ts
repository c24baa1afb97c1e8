const MARGIN = 8;

/**
 * Puts an open popover above what opened it, or below where there is more room, inside the window. A
 * popover stands in the top layer, so that nothing clips it.
 */
export function placePopover(popover: HTMLElement, anchor: Element): void {
  const at = anchor.getBoundingClientRect();
  const { clientWidth, clientHeight } = document.documentElement;
  const above = at.top - 2 * MARGIN;
  const below = clientHeight - at.bottom - 2 * MARGIN;
  const up = above >= below || above >= popover.offsetHeight;
  popover.style.maxHeight = `${Math.max(up ? above : below, 160)}px`;
  const { offsetWidth, offsetHeight } = popover;
  const left = at.left + at.width / 2 - offsetWidth / 2;
  const top = up ? at.top - MARGIN - offsetHeight : at.bottom + MARGIN;
  popover.style.left = `${within(left, clientWidth - offsetWidth)}px`;
  popover.style.top = `${within(top, clientHeight - offsetHeight)}px`;
}

const within = (at: number, most: number) => Math.max(MARGIN, Math.min(at, most - MARGIN));
