import { css } from 'lit';
import { spinnerStyles } from '../parts/styles/spinner-styles.ts';

export const callRoomStyles = css`
  :host {
    display: block;
    height: 100%;
    min-height: 320px;
    overflow: hidden;
    background: var(--_surface);
    container: room / inline-size;
  }
  .room {
    display: grid;
    grid-template: minmax(0, 1fr) auto / minmax(0, 1fr);
    height: 100%;
    min-height: inherit;
  }
  .view {
    position: relative;
    display: grid;
    min-height: 0;
    padding: 8px 8px 0;
  }
  .without-controls .view {
    padding-bottom: 8px;
  }
  rtc-chat-pane {
    grid-row: 2;
    border-top: 1px solid var(--_line);
  }
  .with-chat {
    grid-template-rows: minmax(96px, 2fr) minmax(0, 3fr) auto;
  }
  .with-chat .view {
    padding-bottom: 8px;
  }
  /* Includes a phone in landscape and a page at 200 %: below the picture there would be room for one line. */
  @container room (width >= 620px) {
    .with-chat {
      grid-template: minmax(0, 1fr) auto / minmax(0, 1fr) clamp(300px, 32%, 400px);
    }
    .with-chat .view {
      padding-bottom: 0;
    }
    rtc-chat-pane {
      grid-row: 1 / -1;
      grid-column: 2;
      border-top: 0;
      border-inline-start: 1px solid var(--_line);
    }
  }
  rtc-call-clock {
    position: absolute;
    z-index: 2;
    inset-block-start: 16px;
    inset-inline-start: 16px;
  }
  .notices {
    position: absolute;
    z-index: 3;
    inset: 16px 16px auto;
    display: grid;
    justify-items: center;
    gap: 8px;
    pointer-events: none;
  }
  .notice {
    display: flex;
    align-items: center;
    gap: 12px;
    max-width: min(100%, 560px);
    padding: 8px 8px 8px 12px;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: var(--_raised);
    box-shadow: var(--_shadow);
    font-size: 14px;
    line-height: 1.4;
    pointer-events: auto;
  }
  .notice > .icon {
    flex: none;
    color: var(--_warn);
  }
  .notice p {
    margin: 4px 4px 4px 0;
  }
  .notice .button {
    flex: none;
  }
  .state-line {
    position: absolute;
    z-index: 2;
    /* Above the names. */
    inset: auto 16px 56px;
    display: grid;
    justify-items: center;
    pointer-events: none;
  }
  .nobody .state-line {
    inset: 0;
    place-items: center;
  }
  .chip {
    display: inline-flex;
    align-items: center;
    gap: 10px;
    padding: 8px 16px;
    border: 1px solid var(--_line);
    border-radius: 22px;
    background: var(--_raised);
    box-shadow: var(--_shadow);
    font-size: 15px;
    font-weight: 550;
  }
  ${spinnerStyles}
  .pulse {
    width: 10px;
    height: 10px;
    border-radius: 50%;
    background: var(--_accent);
    animation: pulse 1.4s ease-in-out infinite alternate;
  }
  @keyframes pulse {
    to {
      opacity: 0.3;
    }
  }
`;
