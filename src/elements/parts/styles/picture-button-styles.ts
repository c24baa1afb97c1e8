import { css } from 'lit';

/** Buttons that lie over a picture. Their size is the element's own. */
export const pictureButtonStyles = css`
  .icon-button {
    border-color: transparent;
    color: #fff;
  }
  .icon-button:hover:enabled,
  .icon-button:active:enabled {
    background: rgb(255 255 255 / 18%);
  }
  .icon-button[aria-pressed='true'] {
    background: #fff;
    color: #0a1218;
  }
  .icon-button svg {
    width: 20px;
    height: 20px;
  }
  .icon-button:focus-visible {
    outline-color: #fff;
    outline-offset: -3px;
  }
`;
