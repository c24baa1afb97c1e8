import { css } from 'lit';

export const pictureToolbarStyles = css`
  :host {
    position: absolute;
    inset-block-start: 16px;
    inset-inline-start: 16px;
    display: grid;
    justify-items: start;
    gap: 8px;
    grid-template-columns: minmax(0, auto);
    max-width: calc(100% - 32px);
    pointer-events: none;
  }
  .tools {
    display: flex;
    max-width: 100%;
    overflow-x: auto;
    border-radius: 22px;
    background: rgb(10 18 24 / 82%);
    pointer-events: auto;
  }
  .icon-button {
    flex: none;
    width: 44px;
    height: 44px;
  }
  .divider {
    flex: none;
    width: 1px;
    margin: 8px 4px;
    background: rgb(255 255 255 / 30%);
  }
  .note {
    margin: 0;
  }
  .note:empty {
    display: none;
  }
`;
