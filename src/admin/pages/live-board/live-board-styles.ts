import { css } from 'lit';

export const liveBoardStyles = css`
  section {
    display: grid;
    gap: 10px;
    margin-bottom: 28px;
  }
  .list {
    overflow-x: auto;
  }
  th,
  td {
    padding: 9px 6px;
    overflow-wrap: normal;
  }
  thead th,
  thead .sort {
    text-align: inherit;
    white-space: normal;
    /* Chinese breaks at no character of a short label. */
    word-break: keep-all;
  }
  thead .sort {
    gap: 2px;
  }
  tbody th {
    white-space: nowrap;
  }
  tr.alert > * {
    background: var(--wa-color-danger-fill-quiet);
  }
  td.over {
    color: var(--wa-color-danger-on-quiet);
    font-weight: 700;
  }
  .row-link::after {
    content: none;
  }
  .row-link:focus-visible {
    outline: 3px solid var(--wa-color-focus);
  }
  .connection {
    display: flex;
    gap: 10px;
    align-items: center;
    margin-bottom: 16px;
    padding: 10px 14px;
    border-radius: 8px;
    background: var(--wa-color-warning-fill-quiet);
    color: var(--wa-color-warning-on-quiet);
    font-weight: 600;
  }
  .old {
    opacity: 0.6;
  }
  .status {
    font-weight: 600;
    white-space: nowrap;
  }
  .status::before {
    display: inline-block;
    width: 10px;
    height: 10px;
    margin-inline-end: 8px;
    border-radius: 50%;
    background: var(--wa-color-neutral-fill-loud);
    content: '';
  }
  .status.available::before {
    background: var(--wa-color-success-fill-loud);
  }
  .status.ringing::before,
  .status.wrap-up::before {
    background: var(--wa-color-warning-fill-loud);
  }
  .status.busy::before {
    background: var(--wa-color-brand-fill-loud);
  }
  .flow {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 20px;
  }
  summary {
    cursor: pointer;
    font-weight: 600;
  }
  details[open] summary {
    margin-bottom: 14px;
  }
  details {
    margin-bottom: 20px;
  }
`;
