import { msg } from '@lit/localize';
import { LitElement, css, html } from 'lit';
import { property } from 'lit/decorators.js';
import { TickController } from '../parts/controllers/tick-controller.ts';
import { clockText } from '../parts/texts/durations.ts';

/**
 * The length of the call. The role `timer` keeps a screen reader from reading each second aloud. After a
 * change of language the label follows within a second.
 */
export class CallClock extends LitElement {
  static override styles = css`
    :host {
      padding: 3px 10px;
      border-radius: 14px;
      background: rgb(10 18 24 / 82%);
      color: #fff;
      font-size: 13px;
      font-weight: 550;
      line-height: 20px;
      font-variant-numeric: tabular-nums;
      pointer-events: none;
    }
  `;

  /** When the call was connected, ms since 1970 by this browser's clock. */
  @property({ type: Number }) since = 0;

  constructor() {
    super();
    new TickController(this);
  }

  protected override render() {
    return html`<span role="timer" aria-label=${msg('Length of the call')}
      >${clockText((Date.now() - this.since) / 1000)}</span
    >`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rtc-call-clock': CallClock;
  }
}
