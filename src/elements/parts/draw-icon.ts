import { html, type SVGTemplateResult, type TemplateResult } from 'lit';

/** Drawn on a grid of 24, in the colour of the text; never a name of their own: the control has one. */
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
