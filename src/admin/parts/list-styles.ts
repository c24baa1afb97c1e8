import { css } from 'lit';

export const listStyles = css`
  h1:focus {
    outline: none;
  }
  .filters {
    display: flex;
    flex-wrap: wrap;
    gap: 12px;
    align-items: end;
    margin-bottom: 16px;
  }
  .filters .field {
    flex: 0 1 180px;
  }
  .filters .field.search {
    flex: 1 1 240px;
    max-width: 420px;
  }
  .list {
    border: 1px solid var(--wa-color-surface-border);
    border-radius: 12px;
    background: var(--wa-color-surface-default);
    overflow: hidden;
  }
  .list[aria-busy='true'] table {
    opacity: 0.6;
  }
  table {
    width: 100%;
    border-collapse: collapse;
  }
  th,
  td {
    padding: 12px 16px;
    border-bottom: 1px solid var(--wa-color-surface-border);
    text-align: start;
    font-weight: 400;
    vertical-align: top;
    overflow-wrap: anywhere;
  }
  tbody tr:last-child > * {
    border-bottom: 0;
  }
  /* A name is broken within a word only where the whole word has no room. */
  tbody th {
    overflow-wrap: break-word;
  }
  thead th {
    padding-block: 8px;
    background: var(--wa-color-surface-lowered);
    color: var(--wa-color-text-quiet);
    font-size: 13px;
    font-weight: 650;
    white-space: nowrap;
    vertical-align: middle;
  }
  .end {
    text-align: end;
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .sort {
    display: inline-flex;
    gap: 6px;
    align-items: center;
    min-height: 32px;
    margin: 0 -6px;
    padding: 0 6px;
    border: 0;
    border-radius: 6px;
    background: none;
    color: inherit;
    font: inherit;
    cursor: pointer;
  }
  .sort:hover {
    background: var(--wa-color-neutral-fill-quiet);
    color: var(--wa-color-text-normal);
  }
  tr.linked {
    position: relative;
  }
  tr.linked:hover {
    background: var(--wa-color-brand-fill-quiet);
  }
  .row-link {
    color: var(--wa-color-text-link);
    font-weight: 650;
    text-decoration: none;
  }
  .row-link:hover {
    text-decoration: underline;
  }
  /* The whole row is the link. */
  .row-link::after {
    position: absolute;
    inset: 0;
    content: '';
  }
  .row-link:focus-visible {
    outline: none;
  }
  .row-link:focus-visible::after {
    outline: 3px solid var(--wa-color-focus);
    outline-offset: -3px;
  }
  .actions {
    position: relative;
    text-align: end;
  }
  .message,
  .skeleton {
    display: grid;
    gap: 12px;
    justify-items: center;
    padding: 56px 24px;
    text-align: center;
  }
  .message > wa-icon {
    color: var(--wa-color-text-quiet);
    font-size: 40px;
  }
  .skeleton {
    justify-items: stretch;
    gap: 20px;
    padding: 24px 16px;
  }
  .bar {
    height: 16px;
    border-radius: 8px;
    background: var(--wa-color-neutral-fill-quiet);
    animation: pulse 1.4s ease-in-out infinite alternate;
  }
  @keyframes pulse {
    to {
      opacity: 0.4;
    }
  }
  .count,
  .paging {
    padding: 10px 16px;
    border-top: 1px solid var(--wa-color-surface-border);
    font-size: 13.5px;
  }
  .paging {
    display: flex;
    gap: 8px;
    justify-content: end;
  }
  .quiet-cell {
    color: var(--wa-color-text-quiet);
  }
  @media (max-width: 760px) {
    .filters .field,
    .filters .field.search {
      flex: 1 1 45%;
      max-width: none;
    }
    thead {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
    table,
    tbody,
    tr,
    th,
    td {
      display: block;
    }
    tbody tr {
      padding: 12px 16px;
      border-bottom: 1px solid var(--wa-color-surface-border);
    }
    tbody tr:last-child {
      border-bottom: 0;
    }
    tbody th,
    tbody td {
      padding: 2px 0;
      border: 0;
    }
    tbody td {
      display: flex;
      gap: 12px;
      justify-content: space-between;
      text-align: end;
    }
    tbody td[data-label]::before {
      flex: none;
      color: var(--wa-color-text-quiet);
      font-size: 13.5px;
      content: attr(data-label);
    }
    tbody td.actions {
      justify-content: end;
      padding-top: 8px;
    }
  }
`;
