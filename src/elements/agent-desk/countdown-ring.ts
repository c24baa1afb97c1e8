import { svg, html, type TemplateResult } from 'lit';

/** A ring that empties towards a deadline. `left` and `whole` in ms. */
export function countdownRing(left: number, whole: number): TemplateResult {
  const share = whole > 0 ? Math.min(1, Math.max(0, left / whole)) : 0;
  const seconds = Math.max(0, Math.ceil(left / 1000));
  return html`<span class="countdown ${seconds <= 5 ? 'late' : ''}" aria-hidden="true">
    <svg viewBox="0 0 48 48" width="72" height="72">
      <circle class="track" cx="24" cy="24" r="21" />
      ${svg`<circle class="hand" cx="24" cy="24" r="21" pathLength="100"
        stroke-dasharray="100" stroke-dashoffset=${String(100 - share * 100)} />`}
    </svg>
    <span class="number">${seconds}</span>
  </span>`;
}
