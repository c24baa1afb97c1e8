import { msg } from '@lit/localize';
import { LitElement, css, html, nothing } from 'lit';
import { property } from 'lit/decorators.js';
import { LocaleController } from '../../locales/locale-controller.ts';
import type { RecordingState } from '../../protocol/views.ts';
import { chipStyles } from '../parts/styles/chip-styles.ts';

/** For `recordingMark`. */
export const recordingMarkStyles = css`
  .recording-mark {
    display: flex;
    align-items: center;
    gap: 8px;
    margin: 0;
    padding: 3px 12px 3px 10px;
  }
  .recording-mark i {
    flex: none;
    inline-size: 10px;
    block-size: 10px;
    box-sizing: border-box;
    border: 2px solid #ff6b61;
    border-radius: 50%;
  }
  .recording-mark.recording i {
    background: #ff6b61;
  }
  .recording-mark.refused i,
  .recording-mark.stopped i {
    border-color: #c3d0d8;
  }
  @media (prefers-reduced-motion: no-preference) {
    .recording-mark.recording i {
      animation: pulse 2s ease-in-out infinite alternate;
    }
  }
  @keyframes pulse {
    to {
      opacity: 0.45;
    }
  }
`;

/** The red mark and these words; nothing for ''. */
export const recordingMark = (recording: RecordingState, text: string) =>
  text ? html`<p class=${`chip recording-mark ${recording}`}><i></i>${text}</p>` : nothing;

/** Says what becomes of the recording of a call, in words and with a red mark, as long as the call lasts. */
export class RecordingMark extends LitElement {
  static override styles = [
    chipStyles,
    recordingMarkStyles,
    css`
      :host {
        display: inline-flex;
      }
    `,
  ];

  @property() state: RecordingState = 'recording';
  /** Who reads it. */
  @property() side: 'visitor' | 'agent' = 'visitor';

  constructor() {
    super();
    new LocaleController(this);
  }

  protected override render() {
    const text = this.side === 'agent' ? textForAgent(this.state) : textForVisitor(this.state);
    // The element stays, so that a screen reader hears of each change.
    return html`<div role="status">${recordingMark(this.state, text)}</div>`;
  }
}

/** What the visitor reads. '' for `asked`, since the question stands there. */
export function textForVisitor(state: RecordingState): string {
  switch (state) {
    case 'asked':
      return '';
    case 'recording':
      return msg('This call is being recorded');
    case 'paused':
      return msg('The recording is paused');
    case 'refused':
      return msg('This call is not recorded');
    case 'stopped':
      return msg('The recording has ended');
    case 'failed':
      return msg('The recording is interrupted, and may go on');
  }
}

function textForAgent(state: RecordingState): string {
  switch (state) {
    case 'asked':
      return msg('The visitor is asked about the recording…');
    case 'refused':
      return msg('The visitor refused the recording');
    case 'stopped':
      return '';
    case 'recording':
    case 'paused':
    case 'failed':
      return textForVisitor(state);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rtc-recording-mark': RecordingMark;
  }
}
