import { css } from 'lit';

/** The buttons below a question to the visitor, large enough for a thumb. */
export const answersStyles = css`
  footer {
    display: flex;
    flex-wrap: wrap;
    justify-content: center;
    gap: 12px;
  }
  .button {
    min-inline-size: 128px;
    min-block-size: 48px;
  }
`;
