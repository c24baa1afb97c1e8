import { css } from 'lit';

/** Beside the styles of the console. */
export const callRecordingStyles = css`
  :host {
    display: contents;
  }
  video {
    display: block;
    width: 100%;
    margin-top: 12px;
    border-radius: 8px;
    background: black;
    aspect-ratio: 8 / 3;
  }
  .parts {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    margin-top: 12px;
  }
  .parts button {
    padding: 6px 12px;
    border: 1px solid var(--wa-color-surface-border);
    border-radius: 6px;
    background: none;
    color: inherit;
    font: inherit;
    cursor: pointer;
  }
  .parts button[aria-pressed='true'] {
    background: var(--wa-color-brand-fill-quiet);
  }
  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    gap: 12px;
    align-items: center;
    justify-content: space-between;
    margin-top: 12px;
  }
`;
