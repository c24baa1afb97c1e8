import { css } from 'lit';

export const callTestStyles = css`
  :host {
    display: block;
    box-sizing: border-box;
    max-inline-size: 640px;
    padding: 24px;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: var(--_raised);
  }
  h2,
  p {
    margin: 0;
    overflow-wrap: anywhere;
  }
  h2 {
    font-size: 20px;
    line-height: 1.25;
    text-wrap: balance;
  }
  section {
    display: grid;
    gap: 16px;
  }
  .quiet {
    color: var(--_quiet);
  }
  ul {
    display: grid;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  li {
    display: grid;
    grid-template-columns: 24px 1fr auto;
    gap: 2px 12px;
    align-items: start;
    padding-block: 10px;
    border-block-start: 1px solid var(--_line);
    line-height: 24px;
  }
  li > :first-child {
    display: grid;
    place-content: center;
    block-size: 24px;
  }
  li > div {
    grid-column: 2 / -1;
    font-size: 14px;
  }
  .figures {
    color: var(--_quiet);
    font-size: 14px;
    font-variant-numeric: tabular-nums;
  }
  .passed {
    color: var(--_ok);
  }
  .warning {
    color: var(--_warn);
  }
  .failed {
    color: var(--_danger);
  }
  .skipped {
    color: var(--_quiet);
  }
  .dot::before {
    content: '';
    inline-size: 8px;
    block-size: 8px;
    border-radius: 50%;
    background: var(--_line-strong);
  }
  video {
    inline-size: 160px;
    max-inline-size: 100%;
    border-radius: var(--_radius-small);
    background: var(--_sunken);
    transform: scaleX(-1);
  }
  meter {
    inline-size: 160px;
    max-inline-size: 100%;
  }
  .question {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: center;
    margin-block-start: 8px;
  }
  .question p {
    flex-basis: 100%;
  }
  footer {
    display: flex;
    flex-wrap: wrap;
    gap: 12px;
    align-items: center;
  }
`;
