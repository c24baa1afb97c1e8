import { css } from 'lit';

export const deskHeaderStyles = css`
  :host {
    display: block;
  }
  .bar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 16px;
    padding: 8px 16px;
    border-bottom: 1px solid var(--_line);
    background: var(--_raised);
  }
  .who,
  .status,
  .tools,
  label {
    display: flex;
    align-items: center;
    gap: 12px;
    min-width: 0;
  }
  .who {
    flex: 1 1 160px;
  }
  .who > :last-child {
    min-width: 0;
  }
  .who strong,
  .who .quiet-text {
    display: block;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .who strong {
    font-weight: 650;
    line-height: 20px;
  }
  .tools {
    gap: 4px;
  }
  label {
    position: relative;
  }
  .dot {
    position: absolute;
    inset-inline-start: 14px;
    width: 10px;
    height: 10px;
    border-radius: 50%;
    background: var(--_quiet);
    pointer-events: none;
  }
  .dot.available {
    background: var(--_ok);
  }
  .dot:is(.ringing, .busy) {
    background: var(--_accent);
  }
  .dot:is(.away, .break, .wrap-up) {
    background: var(--_warn);
  }
  .dot.offline {
    background: transparent;
    box-shadow: inset 0 0 0 2px var(--_quiet);
  }
  select {
    min-height: 44px;
    padding: 8px 12px 8px 34px;
    border: 1px solid var(--_line-strong);
    border-radius: 22px;
    background: var(--_raised);
    color: var(--_text);
    font: 600 15px/1.2 var(--_font);
    cursor: pointer;
  }
  select:hover:enabled {
    background: color-mix(in srgb, var(--_text) 6%, var(--_raised));
  }
  .status .quiet-text {
    min-width: 104px;
  }
  .true {
    margin-inline-end: 4px;
    color: var(--_text);
    font-weight: 550;
  }
  /* In the row of a call: the status, and signing out. */
  :host([compact]) .bar {
    flex-wrap: nowrap;
    gap: 4px;
    padding: 0;
    border: 0;
    background: none;
  }
  :host([compact]) :is(.who, rtc-change-password, .notifications) {
    display: none;
  }
  :host([compact]) select {
    min-height: 40px;
    max-width: 152px;
    padding-block: 4px;
    text-overflow: ellipsis;
  }
  :host([compact]) .status .quiet-text {
    min-width: 0;
  }
  @container (width < 640px) {
    :host([compact]) .status {
      flex: none;
    }
    :host([compact]) select {
      max-width: 140px;
      padding-inline: 30px 4px;
    }
    :host([compact]) .status .quiet-text {
      display: none;
    }
    :host(:not([compact])) .bar {
      gap: 8px;
      padding: 8px 12px;
    }
    :host(:not([compact])) .who {
      flex-basis: 112px;
    }
    :host(:not([compact])) .tools {
      margin-inline-start: auto;
    }
    :host(:not([compact])) .status {
      order: 1;
      flex: 1 1 100%;
      justify-content: space-between;
    }
    :host(:not([compact])) .status .quiet-text {
      text-align: end;
    }
  }
`;
