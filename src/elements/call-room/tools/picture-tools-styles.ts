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
  }
`;
