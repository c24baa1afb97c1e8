import { msg } from '@lit/localize';
import { css, html } from 'lit';

export const secretValueStyles = css`
  .value {
    display: flex;
    gap: 8px;
    align-items: center;
    padding: 12px;
    border-radius: 8px;
    background: var(--wa-color-surface-lowered);
  }
  code {
    flex: 1;
    min-width: 0;
    overflow-wrap: anywhere;
    white-space: pre-line;
    user-select: all;
  }
`;

/** Something that the server shows only once, with a button that copies it. */
export const secretValue = (value: string) =>
  html`<div class="value">
    <code>${value}</code>
    <wa-copy-button
      .value=${value}
      copy-label=${msg('Copy')}
      success-label=${msg('Copied')}
      error-label=${msg('Not copied')}
    ></wa-copy-button>
  </div>`;
