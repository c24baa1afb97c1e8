import { css } from 'lit';

/** A turning ring for work under way, in the colour of the text around it. */
export const spinnerStyles = css`
  .spinner {
    flex: none;
    width: 18px;
    height: 18px;
    border: 2.5px solid;
    border-top-color: transparent;
    border-radius: 50%;
    animation: turn 0.9s linear infinite;
  }
  @keyframes turn {
    to {
      rotate: 1turn;
    }
  }
`;
