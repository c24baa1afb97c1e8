import { svg } from 'lit';
import { draw } from '../../parts/icons.ts';

export const sendIcon = () =>
  draw(
    svg`<path d="M4.5 12L3.6 5.3a1 1 0 0 1 1.4-1l15 6.8a1 1 0 0 1 0 1.8l-15 6.8a1 1 0 0 1-1.4-1L4.5 12zM4.5 12H12" />`,
  );
export const imageIcon = () =>
  draw(
    svg`<rect x="3" y="4" width="18" height="16" rx="3" /><circle cx="8.5" cy="9.5" r="1.5" /><path d="M4 18l5-4.7a1.5 1.5 0 0 1 2 0l2 1.7 2.7-2.5a1.5 1.5 0 0 1 2 0L21 15.5" />`,
  );
export const emojiIcon = () =>
  draw(
    svg`<circle cx="12" cy="12" r="9" /><path d="M8.3 14.3a4.5 4.5 0 0 0 7.4 0M9 9.5v.6M15 9.5v.6" />`,
  );
export const seenIcon = () => draw(svg`<path d="M2.5 12.5L7 17l8.5-9.5M12 16l1 1 8.5-9.5" />`);
export const retryIcon = () =>
  draw(
    svg`<path d="M20 11.5A8 8 0 0 0 5.6 7L4 8.8M4 4.5v4.3h4.3M4 12.5A8 8 0 0 0 18.4 17l1.6-1.8M20 19.5v-4.3h-4.3" />`,
  );
