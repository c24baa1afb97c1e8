import { msg } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import type { VisitorCard } from '../../call/agent-desk-control.ts';
import { verifiedIcon, warningIcon } from '../parts/icons.ts';
import { isNameless } from '../parts/shown-name.ts';

/** Whether somebody vouched for the visitor's name; of somebody who gave none there is nothing to doubt. */
export function nameChip(visitor: VisitorCard): TemplateResult | typeof nothing {
  if (!visitor.verified && isNameless(visitor.name)) return nothing;
  return visitor.verified
    ? html`<span class="chip verified">${verifiedIcon()} ${msg('Verified')}</span>`
    : html`<span class="chip unverified">${warningIcon()} ${msg('Name not verified')}</span>`;
}
