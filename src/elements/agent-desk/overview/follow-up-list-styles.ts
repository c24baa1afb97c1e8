import { css } from 'lit';

export const followUpListStyles = css`
  :host {
    display: block;
  }
  ul {
    padding: 0 16px 8px;
  }
  li {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 4px 12px;
    padding: 12px 0;
  }
  li + li {
    border-top: 1px solid var(--_line);
  }
  li > p,
  .actions {
    grid-column: 1 / -1;
  }
  p {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 12px;
    margin: 0;
    overflow-wrap: anywhere;
    white-space: pre-line;
  }
  strong {
    overflow-wrap: anywhere;
  }
  a {
    color: var(--_accent);
  }
  .fault {
    padding: 0 16px 8px;
    color: var(--_danger);
  }
  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  footer {
    padding: 0 16px 16px;
  }
`;
