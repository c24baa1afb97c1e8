import { css } from 'lit';

/** A short text over a picture. */
export const chipStyles = css`
  .chip {
    padding: 4px 12px;
    border-radius: 14px;
    background: rgb(10 18 24 / 82%);
    color: #fff;
    font-size: 13px;
    font-weight: 550;
    line-height: 20px;
  }
`;
