import { css } from 'lit';

/** The styles of every shadow root of the console. The tokens are Web Awesome's. */
export const consoleStyles = css`
  :host {
    display: block;
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  :focus-visible {
    outline: var(--wa-focus-ring-style, solid) 3px var(--wa-color-focus);
    outline-offset: 2px;
  }
  h1 {
    margin: 0;
    font-size: 26px;
    line-height: 34px;
    font-weight: 700;
    letter-spacing: -0.01em;
    overflow-wrap: anywhere;
  }
  h2 {
    margin: 0;
    font-size: 18px;
    line-height: 26px;
    font-weight: 650;
  }
  p {
    margin: 0;
  }
  a {
    color: var(--wa-color-text-link);
  }
  .quiet {
    color: var(--wa-color-text-quiet);
  }
  .card {
    padding: 24px;
    border: 1px solid var(--wa-color-surface-border);
    border-radius: 12px;
    background: var(--wa-color-surface-default);
  }
  .page-head {
    display: flex;
    flex-wrap: wrap;
    gap: 12px 16px;
    align-items: center;
    justify-content: space-between;
    margin-bottom: 20px;
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 12px;
    align-items: center;
  }
  .stack {
    display: grid;
    gap: 20px;
  }
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  code {
    font-family: ui-monospace, 'SF Mono', Menlo, Consolas, monospace;
    font-size: 0.93em;
  }
  @media (max-width: 640px) {
    h1 {
      font-size: 22px;
      line-height: 30px;
    }
    .card {
      padding: 16px;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      animation-duration: 0.01ms !important;
      transition-duration: 0.01ms !important;
    }
  }
`;

/** A button with an icon, whose text a narrow page shows to screen readers only. */
export const iconTextStyles = css`
  .text {
    max-width: 180px;
    margin-inline-start: 8px;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  wa-icon {
    font-size: 20px;
  }
  @media (max-width: 640px) {
    .text {
      position: absolute;
      width: 1px;
      height: 1px;
      clip-path: inset(50%);
    }
  }
`;

/** A label above its field, with a hint and an error below it. */
export const fieldStyles = css`
  fieldset {
    display: grid;
    gap: 16px;
    min-width: 0;
    margin: 0;
    padding: 0;
    border: 0;
  }
  legend {
    padding: 0 0 4px;
    font-size: 18px;
    font-weight: 650;
  }
  .fields {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 260px), 1fr));
    gap: 16px 20px;
    align-items: start;
  }
  .field {
    display: grid;
    gap: 6px;
    min-width: 0;
    align-content: start;
  }
  .field.wide {
    grid-column: 1 / -1;
  }
  .field > label,
  .label {
    font-size: 14px;
    font-weight: 600;
  }
  .optional {
    margin-inline-start: 4px;
    color: var(--wa-color-text-quiet);
    font-weight: 400;
  }
  input:not([type='checkbox'], [type='radio'], [type='color']),
  select,
  textarea {
    width: 100%;
    min-width: 0;
    min-height: 42px;
    margin: 0;
    padding: 8px 12px;
    border: 1px solid var(--wa-form-control-border-color);
    border-radius: 8px;
    background: var(--wa-color-surface-default);
    color: var(--wa-color-text-normal);
    font: 400 15px/1.5 inherit;
    font-family: inherit;
  }
  textarea {
    min-height: 96px;
    resize: vertical;
  }
  input[type='color'] {
    width: 64px;
    height: 42px;
    padding: 3px;
    border: 1px solid var(--wa-form-control-border-color);
    border-radius: 8px;
    background: var(--wa-color-surface-default);
  }
  input[type='checkbox'],
  input[type='radio'] {
    flex: none;
    width: 20px;
    height: 20px;
    margin: 2px 0;
    accent-color: var(--wa-color-brand-fill-loud);
  }
  :disabled {
    opacity: 0.6;
  }
  [aria-invalid='true'] {
    border-color: var(--wa-color-danger-border-loud) !important;
  }
  .check {
    display: flex;
    gap: 10px;
    align-items: flex-start;
  }
  .hint {
    color: var(--wa-color-text-quiet);
    font-size: 13.5px;
    line-height: 20px;
  }
  .problem {
    color: var(--wa-color-danger-on-quiet);
    font-size: 13.5px;
    line-height: 20px;
    font-weight: 600;
  }
`;
