import { html, nothing, type TemplateResult } from 'lit';
import type { VisitorCallSnapshot } from '../../../call/visitor-call-control.ts';
import { JoinQuestion } from './join-question.ts';

// A page may load two versions of the script: the class that came first stays.
if (!customElements.get('rtc-join-question')) {
  customElements.define('rtc-join-question', JoinQuestion);
}

interface JoinPanel {
  readonly lang: string;
  readonly theme: string | null;
}

/** The question in the panel. */
export const draw = (
  { agentName }: VisitorCallSnapshot,
  { lang, theme }: JoinPanel,
): TemplateResult =>
  html`<rtc-join-question
    .agentName=${agentName ?? ''}
    lang=${lang || nothing}
    theme=${theme ?? nothing}
  ></rtc-join-question>`;
