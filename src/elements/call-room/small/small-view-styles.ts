import { css } from 'lit';

/** The same in the page and in a window of its own: a picture above a row of buttons. */
export const smallViewStyles = css`
  .small {
    display: grid;
    grid-template-rows: minmax(0, 1fr) auto;
    block-size: 100%;
    background: var(--_raised);
    color: var(--_text);
    font: 400 14px/1.4 var(--_font);
    overflow: hidden;
  }
  .picture {
    position: relative;
    display: grid;
    place-items: center;
    min-block-size: 0;
    background: #0b1014;
    color: #fff;
    overflow: hidden;
  }
  .picture video {
    position: absolute;
    inset: 0;
    inline-size: 100%;
    block-size: 100%;
    object-fit: contain;
  }
  .picture .initials {
    display: grid;
    place-items: center;
    inline-size: 64px;
    block-size: 64px;
    border-radius: 50%;
    background: #33444f;
    font-size: 24px;
    font-weight: 600;
  }
  .picture .recorded {
    position: absolute;
    inset-block-start: 6px;
    inset-inline: 6px auto;
  }
  .picture .said {
    position: absolute;
    inset-block-end: 6px;
    inset-inline: 6px auto;
    max-inline-size: calc(100% - 12px);
    padding: 2px 8px;
    border-radius: 10px;
    background: rgb(10 18 24 / 82%);
    font-size: 12px;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .buttons {
    display: flex;
    justify-content: center;
    gap: 8px;
    padding: 6px;
  }
  .buttons .icon-button {
    background: light-dark(#e4eaee, #26323b);
  }
  .buttons .icon-button.off {
    background: var(--_danger-soft);
  }
  .buttons .icon-button.danger {
    background: var(--_danger);
  }
`;
