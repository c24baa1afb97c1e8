import { css } from 'lit';

/** A card that is an element of its own. */
export const cardStyles = css`
  :host {
    display: block;
    box-sizing: border-box;
    inline-size: min(420px, 100vw - 32px);
    padding: 24px;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    color: var(--_text);
    background: var(--_raised);
  }
`;
