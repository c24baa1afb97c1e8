import { svg } from 'lit';
import { draw } from '../../parts/icons.ts';

export const settingsIcon = () =>
  draw(
    svg`<path d="M4 7h9M17 7h3M4 17h3M11 17h9" /><circle cx="15" cy="7" r="2" /><circle cx="9" cy="17" r="2" />`,
  );
export const fullscreenIcon = () =>
  draw(
    svg`<path d="M4 9V6a2 2 0 0 1 2-2h3M15 4h3a2 2 0 0 1 2 2v3M20 15v3a2 2 0 0 1-2 2h-3M9 20H6a2 2 0 0 1-2-2v-3" />`,
  );
export const exitFullscreenIcon = () =>
  draw(
    svg`<path d="M9 4v3a2 2 0 0 1-2 2H4M20 9h-3a2 2 0 0 1-2-2V4M15 20v-3a2 2 0 0 1 2-2h3M4 15h3a2 2 0 0 1 2 2v3" />`,
  );
export const pictureInPictureIcon = () =>
  draw(
    svg`<path d="M21 10V7a2.5 2.5 0 0 0-2.5-2.5h-13A2.5 2.5 0 0 0 3 7v10a2.5 2.5 0 0 0 2.5 2.5H9" /><rect x="12" y="13" width="9" height="6.5" rx="1.5" />`,
  );
export const smallWindowIcon = () =>
  draw(
    svg`<rect x="2.5" y="4.5" width="19" height="15" rx="2.5" /><path d="M6 8.5h5v4H6zM14 16.5h4" />`,
  );
export const ownPictureIcon = () =>
  draw(
    svg`<rect x="3" y="4.5" width="18" height="15" rx="2.5" /><circle cx="12" cy="10" r="2.5" /><path d="M7.5 17a4.6 4.6 0 0 1 9 0" />`,
  );
export const cornerIcon = () =>
  draw(
    svg`<rect x="3" y="4.5" width="18" height="15" rx="2.5" /><rect x="13" y="12.5" width="5" height="4" rx="1" /><path d="M10.5 10 7 7.5M7 10.5v-3h3" />`,
  );
export const messageSoundIcon = () =>
  draw(svg`<path d="M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10 20.5a2.2 2.2 0 0 0 4 0" />`);
export const phoneIcon = () =>
  draw(svg`<rect x="7" y="3" width="10" height="18" rx="2.5" /><path d="M11 17.5h2" />`);
export const photoIcon = () =>
  draw(
    svg`<path d="M4.5 7.5h3l1.5-2.5h6l1.5 2.5h3a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-15a2 2 0 0 1-2-2v-8a2 2 0 0 1 2-2z" /><circle cx="12" cy="13" r="3.5" />`,
  );
export const torchIcon = () =>
  draw(svg`<path d="M8 3h8v3l-2 3.5V20a1 1 0 0 1-1 1h-2a1 1 0 0 1-1-1V9.5L8 6zM8 6h8M12 12v2" />`);
export const zoomIcon = () =>
  draw(svg`<circle cx="10.5" cy="10.5" r="6.5" /><path d="M15.5 15.5 20 20M10.5 8v5M8 10.5h5" />`);
export const captionsIcon = () =>
  draw(
    svg`<rect x="3" y="5" width="18" height="14" rx="2.5" /><path d="M10.5 10.5a2 2 0 1 0 0 3M17 10.5a2 2 0 1 0 0 3" />`,
  );
