import { msg } from '@lit/localize';
import { html, type TemplateResult } from 'lit';
import type { LegCallView } from '../../../protocol/views.ts';
import { checkName, remedy } from '../../parts/texts/check-texts.ts';

type Report = NonNullable<LegCallView['deviceReport']>;
type Fault = Report['faults'][number];

/** What the visitor's device test has found. */
export function deviceReportView({ faults }: Report): TemplateResult {
  if (faults.length === 0) return html`<p>${msg('The visitor’s device test found no fault.')}</p>`;
  return html`<ul class="plain">
    ${faults.map((fault) => html`<li>${faultText(fault)}</li>`)}
  </ul>`;
}

function faultText({ id, code }: Fault): string {
  const what = code === null ? '' : remedy(code).text;
  return `${checkName(id)}: ${what || msg('did not pass')}`;
}
