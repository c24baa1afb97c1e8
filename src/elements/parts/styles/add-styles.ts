import type { CSSResult } from 'lit';

/** Adds the styles of code that was loaded later to an element that has rendered. */
export function addStyles({ shadowRoot }: Element, { styleSheet }: CSSResult): void {
  if (!shadowRoot || !styleSheet || shadowRoot.adoptedStyleSheets.includes(styleSheet)) return;
  shadowRoot.adoptedStyleSheets.push(styleSheet);
}
