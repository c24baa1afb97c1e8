import { css } from 'lit';

export const changePasswordStyles = css`
  dialog {
    width: min(100% - 32px, 384px);
    padding: 24px;
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
  form {
    display: grid;
    gap: 16px;
  }
  h2 {
    margin: 0;
    font-size: 20px;
    line-height: 28px;
  }
  p {
    margin: 0;
    font-size: 14px;
    line-height: 20px;
  }
  .error {
    color: var(--_danger);
  }
  .actions {
    display: flex;
    justify-content: flex-end;
    gap: 8px;
  }
`;
