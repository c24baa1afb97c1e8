import { msg } from '@lit/localize';
import { html, type TemplateResult } from 'lit';
import type { VisitorCard } from '../../call/agent-desk-control.ts';
import { verifiedIcon, warningIcon } from '../parts/icons.ts';

/** Whether somebody vouched for the visitor's name. */
export function nameChip(visitor: VisitorCard): TemplateResult {
  return visitor.verified
    ? html`<span class="chip verified">${verifiedIcon()} ${msg('Verified')}</span>`
    : html`<span class="chip unverified">${warningIcon()} ${msg('Name not verified')}</span>`;
}
