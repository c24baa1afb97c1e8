import { css } from 'lit';

export const callViewStyles = css`
  :host {
    display: flex;
    flex: 1;
    flex-direction: column;
    min-height: 0;
  }
  .bar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0 8px;
    min-height: 48px;
    padding: 0 8px 0 16px;
    border-bottom: 1px solid var(--_line);
    background: var(--_raised);
  }
  .bar strong {
    flex: none;
    max-width: 40%;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    font-weight: 650;
  }
  .bar .state {
    flex: 1;
    min-width: 0;
  }
  .bar svg {
    width: 18px;
    height: 18px;
    transition: transform 0.15s;
  }
  [aria-expanded='true'] svg {
    transform: rotate(180deg);
  }
  .panes {
    display: flex;
    flex: 1;
    min-height: 0;
  }
  .room {
    position: relative;
    display: grid;
    flex: 1;
    min-width: 0;
    min-height: 0;
  }
  rtc-visitor-history {
    padding: 0 16px 16px;
  }
  call-room {
    min-height: 0;
    height: 100%;
  }
  aside {
    flex: none;
    width: clamp(264px, 26%, 360px);
    overflow: auto;
    border-inline-end: 1px solid var(--_line);
    background: var(--_raised);
  }
  /* A room opens at once. Where it does not, the agent can end the call after 5 s. */
  .late {
    animation: late 0s 5s backwards;
  }
  @keyframes late {
    from {
      visibility: hidden;
    }
  }
  .details-button,
  .short {
    display: none;
  }
  /* In a narrow desk the row has room for the number alone. */
  @container (width < 640px) {
    .short {
      display: inline;
    }
    .full {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
      white-space: nowrap;
    }
    .chip {
      padding-inline: 8px;
    }
    .details-button {
      padding-inline: 8px;
      gap: 2px;
    }
  }
  @container (width < 800px) {
    .panes {
      position: relative;
    }
    .details-button {
      display: inline-flex;
    }
    aside {
      position: absolute;
      inset: 0 0 auto;
      z-index: 2;
      width: auto;
      max-height: 70%;
      border: 0;
      border-bottom: 1px solid var(--_line);
      box-shadow: var(--_shadow);
    }
    aside.closed {
      display: none;
    }
  }
`;
