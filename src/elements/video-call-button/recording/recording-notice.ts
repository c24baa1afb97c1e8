import { css, html, LitElement, nothing } from 'lit';
import { property } from 'lit/decorators.js';
import type {
  VisitorCallControl,
  VisitorCallSnapshot,
} from '../../../call/visitor-call-control.ts';
import { labelText } from '../../agent-desk/label-text.ts';

/** The mark, and before it the question, over the picture of the call. */
export class RecordingNotice extends LitElement {
  static override styles = css`
    :host {
      position: absolute;
      z-index: 4;
      inset: 48px 16px auto;
      pointer-events: none;
    }
    rtc-recording-question {
      display: grid;
      justify-items: center;
    }
    :host([small]) {
      position: static;
      display: block;
      margin-block-end: 8px;
    }
  `;

  @property({ attribute: false }) call: VisitorCallControl | null = null;
  @property({ attribute: false }) recording: VisitorCallSnapshot['recording'];
  @property() theme: 'light' | 'dark' | 'auto' | null = null;
  /** Above a call that is minimised. */
  @property({ type: Boolean, reflect: true }) small = false;

  protected override render() {
    const { recording, call } = this;
    if (!recording) return nothing;
    // The mark stays, so that a screen reader hears of each change.
    return html`<rtc-recording-mark .state=${recording.state}></rtc-recording-mark> ${
        recording.state === 'asked'
          ? html`<rtc-recording-question
              .text=${labelText(recording.text ?? {})}
              .answer=${async (agreed: boolean) => call?.answer({ type: 'answer-recording', agreed })}
              theme=${this.theme ?? nothing}
            ></rtc-recording-question>`
          : nothing
      }`;
  }
}
