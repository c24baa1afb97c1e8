import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import { checkFigures, checkName, remedy } from '../../../elements/parts/texts/check-texts.ts';
import type { DeviceCheck } from '../../../protocol/device-report.ts';
import type { CallRecord } from '../../../protocol/rest/calls.ts';
import { clockText } from '../../parts/time-texts.ts';

function statusText(status: DeviceCheck['status']): string {
  switch (status) {
    case 'passed':
      return msg('Passed');
    case 'warning':
      return msg('Warning');
    case 'failed':
      return msg('Failed');
    case 'skipped':
      return msg('Not tested');
  }
}

/** The device test that the visitor sent with the call: each check, and what helps. Nothing without one. */
export function callDeviceReport({ deviceReport }: CallRecord) {
  if (!deviceReport) return nothing;
  const { sentAt, report } = deviceReport;
  return html`<section class="card">
    <h2>${msg('Device test')}</h2>
    <p class="quiet">${msg(str`Sent by the visitor at ${clockText(sentAt)}.`)}</p>
    <ul class="checks">
      ${report.checks.map(
        (check) =>
          html`<li>
            <p><strong>${checkName(check.id)}</strong> · ${resultText(check)}</p>
            ${check.code ? advice(check.code) : nothing}
          </li>`,
      )}
    </ul>
    <details>
      <summary>${msg('The visitor’s browser')}</summary>
      <p class="text">${report.agent}</p>
    </details>
  </section>`;
}

const resultText = (check: DeviceCheck): string =>
  [statusText(check.status), checkFigures(check)].filter(Boolean).join(' · ');

function advice(code: string) {
  const { text, hint } = remedy(code);
  return html`<p class="quiet">${text} ${hint}</p>`;
}
