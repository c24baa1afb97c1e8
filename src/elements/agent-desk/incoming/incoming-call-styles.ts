import { css } from 'lit';

export const incomingCallStyles = css`
  dialog {
    display: flex;
    flex-direction: column;
    gap: 16px;
    width: min(100% - 24px, 448px);
    max-height: calc(100% - 24px);
    margin: auto;
    padding: 0;
    overflow: hidden;
    border: 1px solid var(--_line);
    border-radius: calc(var(--_radius) * 1.5);
    background: var(--_raised);
    box-shadow: var(--_shadow);
    color: var(--_text);
  }
  dialog:not([open]) {
    display: none;
  }
  dialog:focus-visible {
    outline: none;
  }
  dialog::backdrop {
    background: rgb(10 18 24 / 48%);
  }
  .top {
    display: flex;
    align-items: center;
    gap: 16px;
    padding: 24px 24px 0;
  }
  .top > div {
    flex: 1;
    min-width: 0;
  }
  h2 {
    display: flex;
    align-items: center;
    gap: 8px;
    color: var(--_accent);
    font-size: 14px;
    line-height: 20px;
    font-weight: 600;
  }
  .pulse {
    width: 8px;
    height: 8px;
    border-radius: 50%;
    background: currentColor;
    animation: pulse 1.5s ease-out infinite;
  }
  @keyframes pulse {
    from {
      box-shadow: 0 0 0 0 color-mix(in srgb, currentColor 60%, transparent);
    }
    to {
      box-shadow: 0 0 0 12px transparent;
    }
  }
  .name {
    margin: 0 0 4px;
    font-size: 24px;
    line-height: 30px;
    font-weight: 700;
    letter-spacing: -0.01em;
    overflow-wrap: anywhere;
  }
  .plain {
    margin: 0;
    padding-inline-start: 20px;
    overflow-wrap: anywhere;
  }
  .countdown {
    position: relative;
    display: grid;
    flex: none;
    place-items: center;
    color: var(--_accent);
    font-size: 22px;
    font-weight: 650;
  }
  .countdown svg {
    transform: rotate(-90deg);
  }
  .countdown .number {
    position: absolute;
  }
  .countdown.late {
    color: var(--_danger);
  }
  .countdown circle {
    fill: none;
    stroke: currentColor;
    stroke-width: 4;
    stroke-linecap: round;
  }
  .countdown .track {
    stroke: var(--_sunken);
  }
  .hand {
    transition: stroke-dashoffset 1s linear;
  }
  .facts {
    display: flex;
    flex-direction: column;
    gap: 16px;
    padding: 0 24px;
    overflow: auto;
  }
  .chips {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  .params {
    padding: 12px 16px;
    border-radius: var(--_radius-small);
    background: var(--_surface);
  }
  .actions {
    display: grid;
    grid-template-columns: 1fr 2fr;
    gap: 12px;
    padding: 16px 24px 24px;
    border-top: 1px solid var(--_line);
  }
  .actions .button {
    min-height: 52px;
    font-size: 16px;
  }
  .accept {
    border-color: transparent;
    background: var(--_ok);
    color: light-dark(#fff, #06281a);
  }
  .accept:hover {
    background: color-mix(in srgb, var(--_ok) 88%, var(--_text));
  }
  .sound {
    align-self: flex-start;
  }
  @media (max-width: 420px) {
    .top {
      padding: 16px 16px 0;
    }
    .facts {
      padding: 0 16px;
    }
    .actions {
      padding: 16px;
    }
  }
`;
