import { html, nothing, type TemplateResult } from 'lit';
import type { ErrorCode } from '../../../protocol/errors.ts';
import type { FlowStepView } from '../../../protocol/flow-step-view.ts';
import { FlowStepElement } from './flow-step.ts';

// A page may load two versions of the script: the class that came first stays.
if (!customElements.get('rtc-flow-step')) customElements.define('rtc-flow-step', FlowStepElement);

interface FlowPanel {
  readonly answerRefusal: ErrorCode | null;
  readonly lang: string;
  readonly theme: string | null;
}

/** The step in the panel. */
export const flowView = (
  step: FlowStepView,
  { answerRefusal, lang, theme }: FlowPanel,
): TemplateResult =>
  html`<div class="waiting" part="flow">
    <rtc-flow-step
      .step=${step}
      .refusal=${answerRefusal}
      lang=${lang || nothing}
      theme=${theme ?? nothing}
    ></rtc-flow-step>
  </div>`;
