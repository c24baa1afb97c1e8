import { css } from 'lit';

/** A window on a desktop, the whole screen on a phone, a small mark in the corner while minimised. */
export const callPanelStyles = css`
  :host {
    display: contents;
  }
  dialog {
    border: 0;
    padding: 0;
    color: var(--_text);
    background: var(--_raised);
    box-shadow: var(--_shadow);
  }
  dialog::backdrop {
    background: rgb(8 18 26 / 55%);
  }
  .window[open] {
    display: flex;
    flex-direction: column;
    box-sizing: border-box;
    inline-size: min(480px, calc(100vw - 48px));
    max-block-size: calc(100dvh - 48px);
    margin: auto;
    border-radius: calc(var(--_radius) * 4 / 3);
    overflow: auto;
    overscroll-behavior: contain;
  }
  .window.wide[open] {
    inline-size: min(1200px, calc(100vw - 48px));
    max-inline-size: none;
    block-size: min(800px, calc(100dvh - 48px));
    overflow: hidden;
  }
  header {
    display: flex;
    align-items: center;
    justify-content: space-between;
    min-block-size: 44px;
    padding: 16px 16px 0 24px;
  }
  h2 {
    margin: 0;
    font-size: 17px;
    font-weight: 600;
  }
  h2:focus,
  .room:focus {
    outline: none;
  }
  p {
    margin: 0;
  }
  footer {
    display: flex;
    flex-wrap: wrap;
    justify-content: center;
    gap: 12px;
  }
  footer .button {
    min-inline-size: 128px;
  }
  .waiting {
    display: flex;
    flex-direction: column;
    flex: 1;
    gap: 16px;
    padding: 8px 24px 24px;
  }
  .line {
    font-size: 24px;
    font-weight: 650;
    line-height: 1.25;
    text-wrap: balance;
  }
  .note {
    min-block-size: 24px;
    color: var(--_quiet);
  }
  /* Two lines each, so that a longer text moves nothing. */
  .place .line {
    min-block-size: 60px;
  }
  .place .note {
    min-block-size: 48px;
    margin-block-start: 4px;
  }
  .progress {
    block-size: 4px;
    margin-block-start: 12px;
    border-radius: 2px;
    background: var(--_sunken);
    overflow: hidden;
  }
  .progress i {
    display: block;
    inline-size: 30%;
    block-size: 100%;
    border-radius: 2px;
    background: var(--_accent);
    animation: pass 2.4s ease-in-out infinite alternate;
  }
  @keyframes pass {
    to {
      transform: translateX(233%);
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .progress {
      display: none;
    }
  }
  .mirror {
    position: relative;
    flex: 1 1 auto;
    aspect-ratio: 16 / 10;
    min-block-size: 160px;
    max-block-size: 60dvh;
    border-radius: var(--_radius);
    background: #0e1a22;
    overflow: hidden;
  }
  video {
    position: absolute;
    inline-size: 100%;
    block-size: 100%;
    object-fit: contain;
  }
  .mirrored {
    object-fit: cover;
    transform: scaleX(-1);
  }
  .dark {
    display: flex;
    flex-direction: column;
    align-items: center;
    justify-content: center;
    gap: 8px;
    block-size: 100%;
    padding: 16px 16px 72px;
    box-sizing: border-box;
    color: #c3d0d8;
    font-size: 14px;
    text-align: center;
  }
  .toggles {
    position: absolute;
    inset-inline: 0;
    inset-block-end: 12px;
    display: flex;
    justify-content: center;
    gap: 12px;
  }
  .toggles .icon-button {
    background: rgb(16 28 36 / 78%);
    color: #fff;
  }
  .toggles .icon-button:hover {
    background: rgb(40 58 70 / 90%);
  }
  .toggles .icon-button.off {
    background: #fff;
    color: #b3261e;
  }
  .toggles .icon-button:focus-visible {
    outline: 3px solid #fff;
    outline-offset: 2px;
    box-shadow: 0 0 0 5px #0e1a22;
  }
  .room {
    flex: 1;
    display: flex;
    min-block-size: 0;
  }
  .room call-room {
    flex: 1;
    min-inline-size: 0;
  }
  .mark {
    border: 0;
    padding: 0;
    background: transparent;
    overflow: visible;
    position: fixed;
    inset: auto;
    inset-block-end: max(var(--rtc-offset, 24px), env(safe-area-inset-bottom));
    inset-inline-end: var(--rtc-offset, 24px);
  }
  .mark:empty {
    display: none;
  }
  .mark .button {
    min-block-size: 48px;
    padding-inline: 18px 22px;
    border-radius: 24px;
    font-variant-numeric: tabular-nums;
    box-shadow: var(--_shadow);
  }
  @media (max-width: 599px), (max-height: 479px) {
    .window[open],
    .window.wide[open] {
      inline-size: 100vw;
      block-size: 100dvh;
      max-inline-size: none;
      max-block-size: none;
      margin: 0;
      border-radius: 0;
    }
    .waiting footer .button {
      flex: auto;
      min-block-size: 48px;
    }
    .mirror {
      aspect-ratio: auto;
      max-block-size: none;
    }
  }
`;
