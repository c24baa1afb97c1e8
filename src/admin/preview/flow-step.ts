/**
 * The page on which the console shows a step of a flow that is tried, by the element of the visitor's panel. A page of
 * its own, because its texts are in the visitor's language, not in that of the console.
 */
import { FlowStepElement } from '../../elements/video-call-button/flow/flow-step.ts';
import type { StepFrameAnswer, StepFrameOrder } from './step-frame-messages.ts';

customElements.define('rtc-flow-step', FlowStepElement);
const step = document.createElement('rtc-flow-step');
const answer = (message: StepFrameAnswer): void =>
  window.parent.postMessage(message, location.origin);

step.addEventListener('flow-answer-request', (event) =>
  answer({ type: 'answer', value: event.detail.value }),
);
step.addEventListener('hang-up-request', () => answer({ type: 'cancel' }));
window.addEventListener('message', ({ data, origin, source }: MessageEvent<StepFrameOrder>) => {
  if (origin !== location.origin || source !== window.parent) return;
  document.documentElement.lang = data.language;
  document.documentElement.style.colorScheme = data.theme;
  step.theme = data.theme;
  step.refusal = data.refusal;
  // The same step again, after `back` or a new beginning, is a new step to the element.
  step.step = null;
  void step.updateComplete.then(() => (step.step = data.step));
});
document.body.append(step);
answer({ type: 'ready' });
