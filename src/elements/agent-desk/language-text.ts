import { getLocale } from '../../locales/locales.ts';

/** The name of a language in the agent's: `zh-CN` → `Chinese (China)`; the tag itself where it is none. */
export function languageText(tag: string): string {
  try {
    return new Intl.DisplayNames(getLocale(), { type: 'language' }).of(tag) ?? tag;
  } catch {
    // Not a language tag: it came from the visitor's page, and is shown as it came.
    return tag;
  }
}
