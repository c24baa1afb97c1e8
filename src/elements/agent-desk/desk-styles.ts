import { css } from 'lit';

/** The styles that the desk's inner elements share. */
export const deskStyles = css`
  h2,
  h3,
  p,
  ul,
  ol,
  dl,
  dd {
    margin: 0;
    padding: 0;
  }
  ul,
  ol {
    list-style: none;
  }
  h2 {
    font-size: 16px;
    line-height: 24px;
    font-weight: 650;
  }
  .card {
    display: flex;
    flex-direction: column;
    min-width: 0;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: var(--_raised);
  }
  .card-head {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 8px;
    padding: 16px 16px 8px;
  }
  .quiet-text {
    color: var(--_quiet);
    font-size: 14px;
    line-height: 20px;
  }
  .number {
    font-variant-numeric: tabular-nums;
  }
  .chip {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    max-width: 100%;
    padding: 2px 10px;
    border-radius: 16px;
    background: var(--_sunken);
    color: var(--_text);
    font-size: 13px;
    line-height: 20px;
    font-weight: 550;
    overflow-wrap: anywhere;
  }
  .chip svg {
    flex: none;
    width: 16px;
    height: 16px;
  }
  .chip.verified {
    background: var(--_ok-soft);
    color: var(--_ok);
  }
  .chip.unverified {
    background: var(--_warn-soft);
    color: var(--_warn);
  }
  .avatar {
    display: grid;
    flex: none;
    place-items: center;
    width: 40px;
    height: 40px;
    border-radius: 50%;
    background: var(--_accent-soft);
    color: var(--_accent);
    font-weight: 650;
    font-size: 15px;
  }
  .empty {
    display: grid;
    justify-items: center;
    gap: 4px;
    margin: auto;
    padding: 32px 24px 40px;
    text-align: center;
  }
  .empty svg {
    width: 40px;
    height: 40px;
    margin-bottom: 8px;
    padding: 8px;
    border-radius: 50%;
    background: var(--_sunken);
    color: var(--_quiet);
  }
  .empty .button {
    margin-top: 12px;
  }
  .empty.good svg {
    background: var(--_ok-soft);
    color: var(--_ok);
  }
`;
