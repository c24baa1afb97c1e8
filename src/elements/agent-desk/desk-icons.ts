import { svg } from 'lit';
import { draw } from '../parts/icons.ts';

export const phoneIcon = () =>
  draw(
    svg`<path d="M6.3 3.5h2.4a1.5 1.5 0 0 1 1.4 1.1l.8 2.7a1.5 1.5 0 0 1-.4 1.5L9.1 10.2a13 13 0 0 0 4.7 4.7l1.4-1.4a1.5 1.5 0 0 1 1.5-.4l2.7.8a1.5 1.5 0 0 1 1.1 1.4v2.4a2.8 2.8 0 0 1-3 2.8A15.5 15.5 0 0 1 3.5 6.5a2.8 2.8 0 0 1 2.8-3z" />`,
  );
export const copyIcon = () =>
  draw(
    svg`<rect x="8.5" y="8.5" width="12" height="12" rx="2.5" /><path d="M15.5 5.5V5A1.5 1.5 0 0 0 14 3.5H5A1.5 1.5 0 0 0 3.5 5v9A1.5 1.5 0 0 0 5 15.5h.5" />`,
  );
export const bellIcon = () =>
  draw(
    svg`<path d="M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15L6 16.5zM10 20.5a2.2 2.2 0 0 0 4 0" />`,
  );
export const signOutIcon = () =>
  draw(
    svg`<path d="M10 4H7a3 3 0 0 0-3 3v10a3 3 0 0 0 3 3h3M10 12h10.5M17 8.5l3.5 3.5-3.5 3.5" />`,
  );
export const keyIcon = () =>
  draw(svg`<circle cx="8" cy="15.5" r="4" /><path d="M11 12.5 19.5 4M16 7.5l3 3" />`);
