/** What the panel shows about the recording of the call. A chunk of its own: most calls are not recorded. */
import { html, nothing, type TemplateResult } from 'lit';
import type {
  VisitorCallControl,
  VisitorCallSnapshot,
} from '../../../call/visitor-call-control.ts';
import '../../recording/define-recording-mark.ts';
import { RecordingNotice } from './recording-notice.ts';
import { RecordingQuestion } from './recording-question.ts';

const elements = {
  'rtc-recording-question': RecordingQuestion,
  'rtc-recording-notice': RecordingNotice,
};
for (const [tag, element] of Object.entries(elements)) {
  if (!customElements.get(tag)) customElements.define(tag, element);
}

interface RecordingPanel {
  readonly call: VisitorCallControl | null;
  readonly lang: string;
  readonly theme: string | null;
}

export const draw = (
  { recording }: VisitorCallSnapshot,
  { call, lang, theme }: RecordingPanel,
  small = false,
): TemplateResult =>
  html`<rtc-recording-notice
    .call=${call}
    .recording=${recording}
    .theme=${theme}
    ?small=${small}
    lang=${lang || nothing}
  ></rtc-recording-notice>`;
