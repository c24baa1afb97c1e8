import { msg } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import { getLocale } from '../../../locales/locales.ts';
import type { VisitorCard } from '../../../protocol/views.ts';
import { verifiedIcon, warningIcon } from '../../parts/icons.ts';
import { isNameless } from '../../parts/texts/names.ts';

/** Whether the visitor's name is verified; nothing for a visitor without a name. */
export function nameChip(visitor: VisitorCard): TemplateResult | typeof nothing {
  if (!visitor.verified && isNameless(visitor.name)) return nothing;
  return visitor.verified
    ? html`<span class="chip verified">${verifiedIcon()} ${msg('Verified')}</span>`
    : html`<span class="chip unverified">${warningIcon()} ${msg('Name not verified')}</span>`;
}

/** The name of a language in the agent's language: `zh-CN` → `Chinese (China)`. Returns an unknown tag as it is. */
export function languageText(tag: string): string {
  try {
    return new Intl.DisplayNames(getLocale(), { type: 'language' }).of(tag) ?? tag;
  } catch {
    // Not a language tag. It comes from the visitor's page, and is shown as it is.
    return tag;
  }
}
