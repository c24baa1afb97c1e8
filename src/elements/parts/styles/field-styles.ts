import { css } from 'lit';

/** A label above its field: `<label class="field"><span>Name</span><input /></label>`. */
export const fieldStyles = css`
  .field {
    display: grid;
    gap: 4px;
    font-size: 14px;
    font-weight: 600;
    text-align: start;
  }
  .field input,
  .field select,
  .field textarea {
    width: 100%;
    min-width: 0;
    min-height: 44px;
    margin: 0;
    padding: 8px 12px;
    border: 1px solid var(--_line-strong);
    border-radius: var(--_radius-small);
    background: var(--_raised);
    color: var(--_text);
    font: 400 16px/1.4 var(--_font);
  }
  .field [aria-invalid='true'] {
    border-color: var(--_danger);
  }
  .field .field-hint {
    color: var(--_quiet);
    font-weight: 400;
  }
`;
