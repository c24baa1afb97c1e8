import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import type { CallRecord } from '../../../protocol/rest/calls.ts';
import type { StepReport } from '../../../protocol/rest/step-report.ts';
import { getLocale } from '../../../locales/admin/locales.ts';

type Step = StepReport['steps'][number]['step'];

const ONE_CALL = [
  'total',
  'press',
  'queue',
  'ring',
  'accept',
  'enter',
  'visitorFrame',
  'agentFrame',
] as const;

export function stepText(step: Step): string {
  switch (step) {
    case 'total':
      return msg('Press to first picture');
    case 'setup':
      return msg('Of it, not waiting for people');
    case 'press':
      return msg('Press to request');
    case 'queue':
      return msg('In the queue');
    case 'ring':
      return msg('Ringing');
    case 'accept':
      return msg('Accept to agent in the room');
    case 'enter':
      return msg('Until the visitor is in the room');
    case 'visitorFrame':
      return msg('Until the visitor sees a picture');
    case 'agentFrame':
      return msg('Until the agent sees a picture');
  }
}

/** A time in seconds with one or two digits behind the point; `–` where it is not known. */
export function stepSeconds(ms: number | null): string {
  if (ms === null) return '–';
  const seconds = new Intl.NumberFormat(getLocale(), {
    maximumFractionDigits: ms < 10_000 ? 2 : 1,
  }).format(ms / 1000);
  return msg(str`${seconds} s`);
}

/** The steps of one call. Nothing where neither side saw a picture. */
export function callSteps(steps: CallRecord['steps']) {
  if (steps === null) return nothing;
  return html`<section class="card">
    <h2>${msg('From the press to the first picture')}</h2>
    <dl>
      ${ONE_CALL.map(
        (step) =>
          html`<div>
            <dt>${stepText(step)}</dt>
            <dd>${stepSeconds(steps[step])}</dd>
          </div>`,
      )}
    </dl>
  </section>`;
}
