import { css } from '@lit/reactive-element';

/**
 * The button's look and place. `.face` resets everything to the browser's own values, so that it inherits
 * nothing from the page. The rules that place the host are `!important`: inside a shadow root such a rule is
 * stronger than one of the page.
 */
export const buttonFaceStyles = css`
  :host {
    display: inline-block !important;
    vertical-align: middle;
  }
  :host([hidden]) {
    display: none !important;
  }
  :host([theme='light']) {
    color-scheme: light;
  }
  :host([theme='dark']) {
    color-scheme: dark;
  }
  :host([theme='auto']) {
    color-scheme: light dark;
  }
  :host([placement^='bottom']) {
    position: fixed !important;
    inset: auto !important;
    inset-block-end: max(var(--rtc-offset, 24px), env(safe-area-inset-bottom)) !important;
    z-index: 2147483000 !important;
  }
  :host([placement='bottom-end']) {
    inset-inline-end: var(--rtc-offset, 24px) !important;
  }
  :host([placement='bottom-start']) {
    inset-inline-start: var(--rtc-offset, 24px) !important;
  }
  :host([covered][placement^='bottom']) .face {
    visibility: hidden;
  }
  @media print {
    :host([placement^='bottom']) {
      display: none !important;
    }
  }
  .face {
    --_accent: var(--rtc-accent, light-dark(#0b5c7a, #6cc4e0));
    all: initial;
    color-scheme: inherit;
    position: relative;
    display: block;
    overflow-wrap: anywhere;
    font: 600 16px/1.25 var(--rtc-font, system-ui, sans-serif);
  }
  button {
    all: unset;
    box-sizing: border-box;
    display: flex;
    align-items: center;
    justify-content: center;
    gap: 10px;
    inline-size: 100%;
    min-block-size: 48px;
    padding: 8px 22px 8px 18px;
    border-radius: var(--rtc-radius, 24px);
    background: var(--_accent);
    color: var(--rtc-on-accent, light-dark(#fff, #06202b));
    cursor: pointer;
  }
  /* Room for the line of the wait, which comes later. */
  :host([show-wait]) button {
    min-inline-size: 17em;
    padding: 8px 22px 34px 18px;
  }
  :host([placement^='bottom']) button {
    box-shadow: 0 6px 24px rgb(0 20 30 / 30%);
  }
  button:hover {
    filter: brightness(1.1);
  }
  button:focus-visible {
    outline: 3px solid var(--_accent);
    outline-offset: 3px;
  }
  button[aria-busy='true'] {
    cursor: progress;
    opacity: 0.8;
  }
  svg,
  ::slotted([slot='icon']) {
    flex: none;
    inline-size: 24px;
    block-size: 24px;
  }
  svg {
    fill: currentColor;
  }
  [role='alert'] {
    position: absolute;
    inset-block-end: calc(100% + 8px);
    inset-inline-start: 0;
    inline-size: max-content;
    max-inline-size: min(280px, 80vw);
    box-sizing: border-box;
    padding: 12px 16px;
    border-radius: 12px;
    background: light-dark(#14212b, #e8eef2);
    color: light-dark(#fff, #14212b);
    font-size: 14px;
    font-weight: 400;
  }
  [role='alert']:empty {
    display: none;
  }
  :host([placement='bottom-end']) [role='alert'] {
    inset-inline: auto 0;
  }
`;
