import { css } from 'lit';

/** `.button` (44 px high, a text, optionally an icon) and `.icon-button` (round, 44 px). */
export const buttonStyles = css`
  .button,
  .icon-button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 8px;
    margin: 0;
    border: 1px solid transparent;
    font: 600 15px/1.2 var(--_font);
    color: var(--_text);
    cursor: pointer;
    transition:
      background-color 0.15s,
      border-color 0.15s,
      color 0.15s;
  }
  .button {
    min-height: 44px;
    padding: 8px 16px;
    border-radius: var(--_radius-small);
    border-color: var(--_line-strong);
    background: var(--_raised);
    overflow-wrap: anywhere;
  }
  .icon-button {
    position: relative;
    flex: none;
    width: 44px;
    height: 44px;
    padding: 0;
    border-radius: 50%;
    background: transparent;
  }
  .button:hover,
  .icon-button:hover,
  .icon-button[aria-expanded='true'],
  .icon-button[aria-pressed='true'] {
    background: color-mix(in srgb, var(--_text) 9%, var(--_raised));
  }
  .button:active,
  .icon-button:active {
    background: color-mix(in srgb, var(--_text) 15%, var(--_raised));
  }
  .button.primary {
    border-color: transparent;
    background: var(--_accent);
    color: var(--_on-accent);
  }
  .button.primary:hover {
    background: color-mix(in srgb, var(--_accent) 88%, var(--_text));
  }
  .button.danger,
  .icon-button.danger {
    border-color: transparent;
    background: var(--_danger);
    color: var(--_on-danger);
  }
  .button.danger:hover,
  .icon-button.danger:hover {
    background: color-mix(in srgb, var(--_danger) 88%, var(--_text));
  }
  .button.quiet {
    border-color: transparent;
    background: transparent;
    color: var(--_accent);
  }
  .button.quiet:hover {
    background: var(--_accent-soft);
  }
  .icon-button.off {
    background: var(--_danger-soft);
    color: var(--_danger);
  }
  .button:disabled,
  .icon-button:disabled {
    opacity: 0.5;
    cursor: default;
  }
  .button svg,
  .icon-button svg {
    flex: none;
  }
`;
