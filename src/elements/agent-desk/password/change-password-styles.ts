import { css } from 'lit';

export const changePasswordStyles = css`
  dialog {
    width: min(100% - 32px, 384px);
    padding: 24px;
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
