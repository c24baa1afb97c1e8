import { msg } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import { getLocale } from '../../../locales/locales.ts';
import type { VisitorCard } from '../../../protocol/views.ts';
import { verifiedIcon, warningIcon } from '../../parts/icons.ts';
import { isNameless } from '../../parts/texts/names.ts';

/** Whether somebody vouched for the visitor's name; of somebody who gave none there is nothing to doubt. */
export function nameChip(visitor: VisitorCard): TemplateResult | typeof nothing {
  if (!visitor.verified && isNameless(visitor.name)) return nothing;
  return visitor.verified
    ? html`<span class="chip verified">${verifiedIcon()} ${msg('Verified')}</span>`
    : html`<span class="chip unverified">${warningIcon()} ${msg('Name not verified')}</span>`;
}

/** The name of a language in the agent's: `zh-CN` → `Chinese (China)`; the tag itself where it is none. */
export function languageText(tag: string): string {
  try {
    return new Intl.DisplayNames(getLocale(), { type: 'language' }).of(tag) ?? tag;
  } catch {
    // Not a language tag: it came from the visitor's page, and is shown as it came.
    return tag;
  }
}
