import { msg } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import type {
  VisitorCallControl,
  VisitorCallSnapshot,
} from '../../../call/visitor-call-control.ts';
import type { RtcDeskError } from '../../../protocol/errors.ts';
import type { Requests } from '../../parts/events/requests.ts';
import { keepCode, type RingingButton } from '../../callback/ring.ts';
import { FlowStepElement } from './flow-step.ts';

// A page may load two versions of the script: the class that came first stays.
if (!customElements.get('rtc-flow-step')) customElements.define('rtc-flow-step', FlowStepElement);

interface FlowPanel {
  readonly button: RingingButton | null;
  readonly call: VisitorCallControl | null;
  readonly lang: string;
  readonly theme: string | null;
}

/**
 * The step in the panel, or the link to what was left in the flow. The step sends the answers to the call itself, so that
 * the button has no code for them.
 */
export function draw(
  snapshot: VisitorCallSnapshot,
  panel: FlowPanel,
): TemplateResult | typeof nothing {
  if (snapshot.step) return stepView(snapshot, panel);
  const { code, reason } = snapshot.ended ?? {};
  const { button } = panel;
  if (code === undefined || !button) return nothing;
  keepCode(button, code);
  if (reason !== 'callback-requested') return nothing;
  const link = new URL(`/c#${code}`, button.serverAddress).href;
  return html`<p class="note left">
    ${msg('This page rings when it is your turn.')}
    <a href=${link} target="_blank" rel="noopener noreferrer"
      >${msg('Your callback: check its status, or cancel it')}</a
    >
  </p>`;
}

const stepView = (
  { step, callId }: VisitorCallSnapshot,
  { call, lang, theme }: FlowPanel,
): TemplateResult =>
  html`<div class="waiting" part="flow">
    <rtc-flow-step
      .step=${step}
      .callId=${callId}
      lang=${lang || nothing}
      theme=${theme ?? nothing}
      @flow-answer-request=${(event: CustomEvent<Requests['flow-answer-request']>) => {
        void sendAnswer(event.currentTarget as FlowStepElement, call, event.detail);
      }}
    ></rtc-flow-step>
  </div>`;

async function sendAnswer(
  element: FlowStepElement,
  call: VisitorCallControl | null,
  { node, value }: Requests['flow-answer-request'],
): Promise<void> {
  element.refusal = null;
  try {
    await call?.answer({ type: 'flow-answer', node, value });
  } catch (error) {
    element.refusal = (error as RtcDeskError).code;
  }
}
