import { css } from 'lit';

/** The styles of the desk's dialogs that are cards. Each sets its own width and padding. */
export const deskDialogStyles = css`
  dialog {
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
`;
