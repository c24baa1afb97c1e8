import { sourceLocale, type allLocales } from './generated/locale-codes.ts';
import { loadTexts } from './load-texts.ts';
import type * as Translation from './translation.ts';

export type Locale = (typeof allLocales)[number];

let translation: typeof Translation | null = null;
let wanted: string = sourceLocale;

/** The language of all texts on this page. */
export const getLocale = (): string => translation?.getLocale() ?? sourceLocale;

/**
 * Resolves when the texts are loaded. English texts are in the templates and need no loading. Rejects where
 * the texts could not be loaded. The latest call wins.
 */
export async function setLocale(locale: string): Promise<void> {
  wanted = locale;
  if (!translation) {
    if (locale === sourceLocale) return;
    [translation] = await Promise.all([import('./translation.ts'), loadTexts(locale)]);
  }
  if (wanted === locale) await translation.setLocale(locale);
}

/** The first supported language of `asked`, which lists the best first; English where none is supported. */
export function chooseLocale(asked: readonly string[]): Locale {
  for (const tag of asked) {
    if (/^zh\b/i.test(tag)) return 'zh-CN';
    if (/^en\b/i.test(tag)) return 'en';
  }
  return 'en';
}
