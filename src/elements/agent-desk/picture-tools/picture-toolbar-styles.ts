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
  .divider {
    flex: none;
    width: 1px;
    margin: 8px 4px;
    background: rgb(255 255 255 / 30%);
  }
  .note {
    margin: 0;
    padding: 4px 12px;
    border-radius: 14px;
    background: rgb(10 18 24 / 82%);
    color: #fff;
    font-size: 13px;
    font-weight: 550;
    line-height: 20px;
  }
  .note:empty {
    display: none;
  }
`;
