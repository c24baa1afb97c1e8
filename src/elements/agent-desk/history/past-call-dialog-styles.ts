import { css } from 'lit';

export const pastCallDialogStyles = css`
  dialog {
    width: min(100% - 32px, 560px);
    max-height: calc(100% - 32px);
    padding: 0;
    border: 1px solid var(--_line-strong);
    color: var(--_text);
  }
  /* A card has a display of its own, which would show a closed dialog. */
  dialog:not([open]) {
    display: none;
  }
  dialog::backdrop {
    background: rgb(0 0 0 / 40%);
  }
  header {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 8px;
    padding: 8px 8px 8px 24px;
    border-bottom: 1px solid var(--_line);
  }
  .body {
    display: grid;
    gap: 8px;
    padding: 16px 24px 24px;
    overflow: auto;
  }
  h3 {
    margin-top: 8px;
    font-size: 14px;
    line-height: 20px;
  }
  .chips {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  .chip.ok {
    background: var(--_ok-soft);
    color: var(--_ok);
  }
  li {
    padding: 8px 0;
  }
  li + li {
    border-top: 1px solid var(--_line);
  }
  .text {
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }
  a {
    color: var(--_accent);
  }
`;
