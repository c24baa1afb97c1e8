import { html, svg, type SVGTemplateResult, type TemplateResult } from 'lit';

/** Draws an icon on a grid of 24, in the colour of the text. An icon has no name of its own: its control has one. */
export const draw = (paths: SVGTemplateResult): TemplateResult =>
  html`<svg
    class="icon"
    viewBox="0 0 24 24"
    width="24"
    height="24"
    fill="none"
    stroke="currentColor"
    stroke-width="1.75"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
    focusable="false"
  >
    ${paths}
  </svg>`;

const SLASH = svg`<path d="M4 4l16 16" />`;

export const micIcon = () =>
  draw(
    svg`<rect x="9" y="3" width="6" height="11" rx="3" /><path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3" />`,
  );
export const micOffIcon = () =>
  draw(
    svg`<path d="M9 9v2a3 3 0 0 0 4.6 2.5M15 11V6a3 3 0 0 0-5.8-1M5.5 11.5a6.5 6.5 0 0 0 10.3 5.3M18.5 11.5a6.4 6.4 0 0 1-.6 2.7M12 18v3" />${SLASH}`,
  );
export const videoIcon = () =>
  draw(
    svg`<rect x="2.5" y="6" width="13" height="12" rx="3" /><path d="M15.5 10.6l4.6-2.9a.9.9 0 0 1 1.4.8v7a.9.9 0 0 1-1.4.8l-4.6-2.9" />`,
  );
export const videoOffIcon = () =>
  draw(
    svg`<path d="M6 6h-.5a3 3 0 0 0-3 3v6a3 3 0 0 0 3 3h7a3 3 0 0 0 3-3v-.5M10 6h2.5a3 3 0 0 1 3 3v1.6l4.6-2.9a.9.9 0 0 1 1.4.8v7a.9.9 0 0 1-.7.9" />${SLASH}`,
  );
export const flipIcon = () =>
  draw(
    svg`<path d="M5 9a7.5 7.5 0 0 1 13.5-1.5M19 15a7.5 7.5 0 0 1-13.5 1.5M19 3.5v4.5h-4.5M5 20.5V16h4.5" />`,
  );
export const screenIcon = () =>
  draw(
    svg`<rect x="2.5" y="4" width="19" height="13" rx="2.5" /><path d="M8.5 20.5h7M12 13.5v-6M9.3 10L12 7.3l2.7 2.7" />`,
  );
export const chatIcon = () =>
  draw(
    svg`<path d="M20.5 11.5a8 8 0 0 1-8 8 8.6 8.6 0 0 1-3.4-.7L4 20l1.3-4.3a7.6 7.6 0 0 1-1-4.2 8.1 8.1 0 0 1 16.2 0z" /><path d="M8.8 11.5h.01M12.4 11.5h.01M16 11.5h.01" />`,
  );
export const hangUpIcon = () =>
  draw(
    svg`<path fill="currentColor" stroke="none" d="M12 8.6c-3 0-5.9.7-8.3 2a2.7 2.7 0 0 0-1.4 2.7l.2 1.7a1.6 1.6 0 0 0 1.9 1.4l3-.6a1.6 1.6 0 0 0 1.3-1.5l.1-1.9c2.1-.6 4.3-.6 6.4 0l.1 1.9a1.6 1.6 0 0 0 1.3 1.5l3 .6a1.6 1.6 0 0 0 1.9-1.4l.2-1.7a2.7 2.7 0 0 0-1.4-2.7c-2.4-1.3-5.3-2-8.3-2z" />`,
  );
/** Three dots: further tools. */
export const moreIcon = () =>
  draw(svg`<path stroke-width="3" d="M5 12h.01M12 12h.01M19 12h.01" />`);
export const checkIcon = () => draw(svg`<path d="M5 12.5l4.5 4.5L19 7.5" />`);
export const closeIcon = () => draw(svg`<path d="M6 6l12 12M18 6L6 18" />`);
export const warningIcon = () =>
  draw(
    svg`<path d="M10.4 4.5L2.9 17.3A1.8 1.8 0 0 0 4.5 20h15a1.8 1.8 0 0 0 1.6-2.7L13.6 4.5a1.85 1.85 0 0 0-3.2 0zM12 9.5v4M12 16.7v.01" />`,
  );
export const infoIcon = () =>
  draw(svg`<circle cx="12" cy="12" r="9" /><path d="M12 11v5.5M12 7.7v.01" />`);
export const soundIcon = () =>
  draw(
    svg`<path d="M4 9.5h3L11.5 5v14L7 14.5H4a.5.5 0 0 1-.5-.5v-4a.5.5 0 0 1 .5-.5zM15 9a4.2 4.2 0 0 1 0 6M17.8 6.2a8.2 8.2 0 0 1 0 11.6" />`,
  );
export const verifiedIcon = () =>
  draw(
    svg`<path d="M12 3l7.5 2.8V11c0 4.7-3.1 8.3-7.5 10-4.4-1.7-7.5-5.3-7.5-10V5.8L12 3z" /><path d="M8.5 11.8l2.5 2.5 4.5-4.8" />`,
  );
export const minimiseIcon = () => draw(svg`<path d="M6 12h12" />`);

/** Four bars of which the first `bars` are full: 0 to 4. */
export const signalIcon = (bars: number) =>
  draw(
    svg`${[1, 2, 3, 4].map(
      (bar) =>
        svg`<path stroke-width="3" opacity=${bar <= bars ? 1 : 0.3} d=${`M${bar * 5 - 0.5} 19v-${bar * 3.5}`} />`,
    )}`,
  );
export const clockIcon = () =>
  draw(svg`<circle cx="12" cy="12" r="9" /><path d="M12 7v5l3.3 2" />`);
export const downIcon = () => draw(svg`<path d="M6 9.5l6 6 6-6" />`);
