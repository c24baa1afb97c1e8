import { css } from 'lit';

/** A card in a page, or a popover in the corner of a site's page. */
export const callbackCardStyles = css`
  :host([popover]) {
    position: fixed;
    inset: auto 16px 16px auto;
    box-shadow: var(--_shadow);
  }
  :host([popover]:not(:popover-open)) {
    display: none;
  }
  section {
    display: flex;
    flex-direction: column;
    gap: 12px;
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
  [role='alert'] {
    color: var(--_danger);
  }
  .consent {
    max-block-size: 40vh;
    overflow: auto;
    white-space: pre-wrap;
  }
  .quiet {
    color: var(--_quiet);
  }
  footer {
    display: flex;
    flex-wrap: wrap;
    gap: 12px;
    margin-block-start: 4px;
  }
  footer:not(:has(*)) {
    display: none;
  }
`;
