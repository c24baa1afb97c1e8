import { svg } from 'lit';
import { draw } from '../../parts/icons.ts';

export const freezeIcon = () =>
  draw(
    svg`<path d="M12 3v18M4.2 7.5l15.6 9M19.8 7.5l-15.6 9M9.5 4.5 12 7l2.5-2.5M9.5 19.5 12 17l2.5 2.5" />`,
  );
export const liveIcon = () =>
  draw(svg`<circle cx="12" cy="12" r="3" /><path d="M7 17a7 7 0 0 1 0-10M17 7a7 7 0 0 1 0 10" />`);
export const penIcon = () =>
  draw(svg`<path d="M4 20l1-4.5L16 4.5a2.1 2.1 0 0 1 3 3L8 18.5 4 20zM13.5 7l3 3" />`);
export const photoIcon = () =>
  draw(
    svg`<path d="M4 8h3.5l1.5-2.5h6L16.5 8H20a1.5 1.5 0 0 1 1.5 1.5v8A1.5 1.5 0 0 1 20 19H4a1.5 1.5 0 0 1-1.5-1.5v-8A1.5 1.5 0 0 1 4 8z" /><circle cx="12" cy="13.2" r="3.3" />`,
  );
export const torchIcon = () =>
  draw(svg`<path d="M8 3h8v3l-2 3v10a1 1 0 0 1-1 1h-2a1 1 0 0 1-1-1V9L8 6V3zM8 6h8M12 12v2" />`);
export const zoomIcon = () =>
  draw(svg`<circle cx="10.5" cy="10.5" r="6.5" /><path d="M15.5 15.5 20 20M10.5 8v5M8 10.5h5" />`);
export const detailIcon = () =>
  draw(
    svg`<path d="M4 5h16M4 9.7h11M4 14.3h8M4 19h6" /><path d="m17 12 1.2 3.3 3.3 1.2-3.3 1.2L17 21l-1.2-3.3-3.3-1.2 3.3-1.2z" />`,
  );
export const arrowIcon = () => draw(svg`<path d="M5 19 19 5M10 5h9v9" />`);
export const circleIcon = () => draw(svg`<ellipse cx="12" cy="12" rx="9" ry="7" />`);
export const lineIcon = () => draw(svg`<path d="M3 16c3-8 5-8 7-3s4 5 6 0 3-6 5-6" />`);
export const textIcon = () => draw(svg`<path d="M5 6V4.5h14V6M12 4.5v15M9 19.5h6" />`);
export const numberIcon = () =>
  draw(svg`<circle cx="12" cy="12" r="9" /><path d="M10.3 9.3 12.5 8v8" />`);
export const pointerIcon = () =>
  draw(
    svg`<circle cx="12" cy="12" r="2.5" /><path d="M12 3v3.5M12 17.5V21M3 12h3.5M17.5 12H21" />`,
  );
export const undoIcon = () => draw(svg`<path d="M8 5 4 9l4 4M4 9h10a5.5 5.5 0 0 1 0 11H9" />`);
export const clearIcon = () =>
  draw(svg`<path d="M4 7h16M9.5 7V4.5h5V7M6.5 7l.8 12.5h9.4L17.5 7M10.5 11v5M13.5 11v5" />`);
export const saveIcon = () =>
  draw(
    svg`<path d="M20.5 11.5a8 8 0 0 1-8 8 8.6 8.6 0 0 1-3.4-.7L4 20l1.3-4.3a7.6 7.6 0 0 1-1-4.2 8.1 8.1 0 0 1 16.2 0zM12.3 8v7M9.5 12.2l2.8 2.8 2.8-2.8" />`,
  );
