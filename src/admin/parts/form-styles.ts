import { css } from 'lit';

export const formStyles = css`
  form {
    max-width: 1040px;
  }
  .save {
    position: sticky;
    bottom: 0;
    z-index: 3;
    display: flex;
    flex-wrap: wrap;
    gap: 12px;
    align-items: center;
    padding: 14px 0;
    background: linear-gradient(
      transparent,
      var(--wa-color-surface-lowered) 12px,
      var(--wa-color-surface-lowered)
    );
  }
  .section {
    display: grid;
    gap: 16px;
  }
  .lines {
    display: grid;
    gap: 12px;
    margin-bottom: 16px;
  }
  .lines:empty {
    display: none;
  }
  .line {
    display: flex;
    flex-wrap: wrap;
    gap: 12px;
    align-items: end;
  }
  .line .field {
    flex: 1 1 160px;
  }
  .line .field.small {
    flex: 0 1 136px;
  }
  .days {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
  }
  .chip {
    display: inline-flex;
    gap: 6px;
    align-items: center;
    min-height: 36px;
    padding: 4px 10px;
    border: 1px solid var(--wa-color-surface-border);
    border-radius: 18px;
    cursor: pointer;
  }
  .chip:has(:checked) {
    border-color: var(--wa-color-brand-border-loud);
    background: var(--wa-color-brand-fill-quiet);
  }
  .chip input {
    width: 16px !important;
    height: 16px !important;
    margin: 0;
  }
`;
