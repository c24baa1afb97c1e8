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
    margin-top: 12px;
  }
`;
