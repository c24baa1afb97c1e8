import { css } from 'lit';

export const pictureToolsStyles = css`
  :host {
    position: absolute;
    z-index: 2;
    inset-block-start: 8px;
    inset-inline-end: 8px;
  }
  .tools {
    display: flex;
    border-radius: 22px;
    background: rgb(10 18 24 / 82%);
    opacity: 0;
    transition: opacity 0.15s;
  }
  .tools.shown,
  .tools:focus-within {
    opacity: 1;
  }
  @media (hover: none) {
    .tools {
      opacity: 1;
    }
  }
  .icon-button {
    width: 40px;
    height: 40px;
    border-color: transparent;
    color: #fff;
  }
  .icon-button:hover,
  .icon-button:active {
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
