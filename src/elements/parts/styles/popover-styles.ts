import { css } from 'lit';

/** A card in the top layer. `PopoverButton` places it beside its button. */
export const popoverStyles = css`
  :host(:popover-open) {
    position: fixed;
    inset: auto;
    margin: 0;
    padding: 16px;
    overflow: auto;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: var(--_raised);
    color: var(--_text);
    box-shadow: var(--_shadow);
  }
`;
