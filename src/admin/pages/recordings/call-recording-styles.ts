import { css } from 'lit';

/** Beside the styles of the console. */
export const callRecordingStyles = css`
  :host {
    display: contents;
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
