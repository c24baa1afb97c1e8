import { css } from 'lit';
import { baseStyles } from '../../parts/styles/base-styles.ts';
import { buttonStyles } from '../../parts/styles/button-styles.ts';

export const chatComposerStyles = css`
  ${baseStyles} ${buttonStyles} :host {
    display: block;
    padding: 0 12px 12px;
  }
  form {
    display: grid;
    border: 1px solid var(--_line-strong);
    border-radius: var(--_radius);
    background: var(--_raised);
  }
  form:focus-within {
    border-color: var(--_accent);
    outline: 2px solid var(--_accent);
    outline-offset: -1px;
  }
  textarea {
    display: block;
    width: 100%;
    min-height: 44px;
    max-height: 136px;
    margin: 0;
    padding: 10px 12px 4px;
    overflow-y: auto;
    border: 0;
    outline: 0;
    background: transparent;
    color: var(--_text);
    font: 400 16px/1.5 var(--_font);
    resize: none;
    field-sizing: content;
  }
  textarea:focus-visible {
    /* The form shows the focus of the field. */
    outline: 0;
  }
  textarea::placeholder {
    color: var(--_quiet);
    opacity: 1;
  }
  .row {
    display: flex;
    padding: 0 4px 4px;
  }
  .row .icon-button {
    color: var(--_quiet);
  }
  .row .send {
    margin-inline-start: auto;
  }
  .row .send.ready {
    background: var(--_accent);
    color: var(--_on-accent);
  }
`;
