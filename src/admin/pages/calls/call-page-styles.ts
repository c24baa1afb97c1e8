import { css } from 'lit';

/** Beside the styles of the console. */
export const callPageStyles = css`
  .columns {
    display: grid;
    grid-template-columns: minmax(0, 3fr) minmax(0, 2fr);
    gap: 20px;
    align-items: start;
  }
  dl {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(160px, 1fr));
    gap: 14px 20px;
    margin: 0;
  }
  h2 + dl {
    margin-top: 12px;
  }
  dt {
    color: var(--wa-color-text-quiet);
    font-size: 13.5px;
  }
  dd {
    margin: 0;
    overflow-wrap: anywhere;
  }
  ol {
    display: grid;
    gap: 0;
    margin: 16px 0 0;
    padding: 0;
    list-style: none;
  }
  .legs {
    gap: 16px;
  }
  .legs dl {
    grid-template-columns: repeat(auto-fill, minmax(110px, 1fr));
    gap: 6px 16px;
    margin-top: 6px;
  }
  .checks {
    display: grid;
    gap: 10px;
    margin: 12px 0 0;
    padding: 0;
    list-style: none;
  }
  .event {
    position: relative;
    display: grid;
    grid-template-columns: 84px 1fr;
    gap: 0 28px;
    padding-bottom: 16px;
  }
  .event::before {
    position: absolute;
    top: 8px;
    bottom: -8px;
    left: 97px;
    width: 2px;
    background: var(--wa-color-surface-border);
    content: '';
  }
  .event:last-child::before {
    display: none;
  }
  .event::after {
    position: absolute;
    top: 7px;
    left: 93px;
    width: 10px;
    height: 10px;
    border-radius: 50%;
    background: var(--wa-color-brand-fill-loud);
    content: '';
  }
  time {
    color: var(--wa-color-text-quiet);
    font-size: 13.5px;
    font-variant-numeric: tabular-nums;
    text-align: end;
  }
  details {
    margin-top: 4px;
    font-size: 14px;
  }
  summary {
    color: var(--wa-color-text-link);
    cursor: pointer;
  }
  details ul {
    margin: 6px 0 0;
    padding-inline-start: 20px;
  }
  .message {
    padding: 10px 14px;
    border-radius: 10px;
    background: var(--wa-color-surface-lowered);
    overflow-wrap: anywhere;
  }
  .message.agent {
    background: var(--wa-color-brand-fill-quiet);
  }
  .text {
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
  .note + .note {
    margin-top: 16px;
  }
  .messages {
    gap: 10px;
  }
  .message p {
    white-space: pre-wrap;
  }
  .message img {
    max-width: 100%;
    height: auto;
    border-radius: 8px;
  }
  .from {
    display: flex;
    gap: 12px;
    justify-content: space-between;
    font-size: 13.5px;
    font-weight: 600;
  }
  @media (max-width: 1000px) {
    .columns {
      grid-template-columns: minmax(0, 1fr);
    }
  }
`;
