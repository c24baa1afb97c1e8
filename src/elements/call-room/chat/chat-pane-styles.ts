import { css } from 'lit';
import { baseStyles } from '../../parts/styles/base-styles.ts';
import { buttonStyles } from '../../parts/styles/button-styles.ts';

export const chatPaneStyles = css`
  ${baseStyles} ${buttonStyles} :host {
    display: block;
    min-width: 0;
    min-height: 0;
    background: var(--_raised);
    color: var(--_text);
  }
  section {
    position: relative;
    display: flex;
    flex-direction: column;
    height: 100%;
  }
  header {
    display: flex;
    align-items: center;
    justify-content: space-between;
    min-height: 52px;
    padding: 4px 4px 4px 16px;
  }
  h2 {
    margin: 0;
    font-size: 16px;
    font-weight: 650;
  }
  .log {
    flex: 1;
    min-height: 0;
    padding: 0 16px 8px;
    overflow-y: auto;
    overscroll-behavior: contain;
  }
  .log:focus-visible {
    outline-offset: -3px;
  }
  .empty {
    display: grid;
    place-content: center;
    height: 100%;
    margin: 0;
    padding: 0 16px;
    color: var(--_quiet);
    font-size: 14px;
    text-align: center;
    text-wrap: balance;
  }
  p {
    margin: 0;
  }
  .failure {
    margin: 0 16px 8px;
    padding: 8px 12px;
    border-radius: var(--_radius-small);
    background: var(--_danger-soft);
    color: var(--_danger);
    font-size: 14px;
  }
  .day {
    margin: 12px 0 4px;
    color: var(--_quiet);
    font-size: 12px;
    text-align: center;
  }
  .entry {
    display: flex;
    flex-direction: column;
    align-items: flex-start;
    margin-top: 14px;
  }
  .entry.follows {
    margin-top: 4px;
  }
  .entry.mine {
    align-items: flex-end;
  }
  .who {
    display: flex;
    gap: 8px;
    align-items: baseline;
    max-width: 100%;
    margin-bottom: 3px;
    color: var(--_quiet);
    font-size: 12px;
  }
  .from {
    overflow: hidden;
    color: var(--_text);
    font-weight: 600;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  time {
    flex: none;
  }
  .bubble {
    max-width: min(100%, 480px);
    padding: 8px 12px;
    border-radius: 4px 16px 16px;
    background: var(--_sunken);
    font-size: 15px;
    line-height: 1.45;
    overflow-wrap: anywhere;
  }
  .bubble span {
    white-space: pre-wrap;
  }
  .mine .bubble {
    border-radius: 16px 4px 16px 16px;
    background: light-dark(#d5e7ee, #153a49);
  }
  .follows .bubble {
    border-radius: 16px;
  }
  .bubble.emoji {
    padding: 0;
    background: none;
    font-size: 36px;
    line-height: 1.2;
  }
  .pending .bubble,
  .pending rtc-chat-image {
    opacity: 0.85;
  }
  .bubble a {
    color: light-dark(#0a4d67, #8fd6ee);
    text-underline-offset: 2px;
  }
  .mark {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: flex-end;
    gap: 4px;
    margin-top: 3px;
    color: var(--_quiet);
    font-size: 12px;
  }
  .mark .icon {
    width: 16px;
    height: 16px;
  }
  .mark.failed {
    color: var(--_danger);
    text-align: end;
  }
  .again {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    min-height: 32px;
    padding: 4px 8px;
    border: 1px solid currentcolor;
    border-radius: 8px;
    background: none;
    color: inherit;
    font: 600 13px/1 var(--_font);
    cursor: pointer;
  }
  .typing {
    min-height: 22px;
    padding: 0 16px;
    color: var(--_quiet);
    font-size: 13px;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .newer {
    align-self: center;
    min-height: 36px;
    margin-top: -44px;
    margin-bottom: 8px;
    padding: 4px 14px 4px 8px;
    border-radius: 18px;
    border-color: transparent;
    background: var(--_accent);
    color: var(--_on-accent);
    box-shadow: var(--_shadow);
    font-size: 14px;
  }
  .newer:hover {
    background: color-mix(in srgb, var(--_accent) 88%, var(--_text));
  }
  .drop {
    position: absolute;
    inset: 8px;
    display: grid;
    place-content: center;
    border: 2px dashed var(--_accent);
    border-radius: var(--_radius);
    background: color-mix(in srgb, var(--_accent-soft) 92%, transparent);
    color: var(--_accent);
    font-weight: 600;
    pointer-events: none;
  }
`;
