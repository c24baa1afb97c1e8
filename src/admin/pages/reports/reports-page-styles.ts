import { css } from 'lit';

/** Beside the styles of lists. */
export const reportsPageStyles = css`
  .filters .field {
    flex: 0 1 170px;
  }
  .span {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 12px;
    align-items: center;
    margin-bottom: 16px;
  }
  /* Beside it are the two buttons, also on a phone. */
  .span h2 {
    min-width: 0;
    max-width: calc(100% - 104px);
  }
  .charts {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr));
    gap: 16px;
    margin-bottom: 16px;
  }
  .charts > * {
    padding: 16px;
    border: 1px solid var(--wa-color-surface-border);
    border-radius: 12px;
    background: var(--wa-color-surface-default);
  }
  .list {
    overflow-x: auto;
  }
  .list thead th {
    white-space: normal;
    /* The table scrolls before a word breaks. */
    overflow-wrap: break-word;
  }
  .list th,
  .list td {
    padding-inline: 10px;
  }
  .list tbody th {
    min-width: 140px;
  }
  .total {
    font-weight: 650;
  }
  .notes {
    margin-top: 12px;
    font-size: 13.5px;
    line-height: 20px;
  }
  @media (max-width: 760px) {
    .filters .field {
      flex: 1 1 45%;
    }
    .charts > * {
      padding: 12px;
    }
  }
`;
