import { css } from 'lit';

export const pastCallDialogStyles = css`
  dialog {
    width: min(100% - 32px, 560px);
    max-height: calc(100% - 32px);
    padding: 0;
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
`;
