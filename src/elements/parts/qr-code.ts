import { html, svg, type TemplateResult } from 'lit';
import { encode } from 'uqr';

/** Empty cells around the code, which scanners need. */
const BORDER = 4;

/** A text as a QR code, black on white in both themes. `label`: what it is, for a screen reader. */
export function qrCode(text: string, label: string): TemplateResult {
  const { data, size } = encode(text, { ecc: 'M', border: BORDER });
  const cells = data.flatMap((row, y) =>
    row.flatMap((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : [])),
  );
  return html`<svg class="qr" viewBox="0 0 ${size} ${size}" role="img" aria-label=${label}>
    ${svg`<rect width=${size} height=${size} fill="#fff"></rect><path d=${cells.join('')} fill="#000"></path>`}
  </svg>`;
}
