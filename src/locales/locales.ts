import { sourceLocale, type allLocales } from './generated/locale-codes.ts';
import { loadTexts } from './load-texts.ts';
import type * as Translation from './translation.ts';

export type Locale = (typeof allLocales)[number];

let translation: typeof Translation | null = null;
let wanted: string = sourceLocale;

/** The one language of the texts on this page. */
export const getLocale = (): string => translation?.getLocale() ?? sourceLocale;

/**
 * Resolves when the texts are there. English ones always are: they stand in the templates. Rejects where
 * they could not be loaded. The latest wish wins.
 */
export async function setLocale(locale: string): Promise<void> {
  wanted = locale;
  if (!translation) {
    if (locale === sourceLocale) return;
    [translation] = await Promise.all([import('./translation.ts'), loadTexts(locale)]);
  }
  if (wanted === locale) await translation.setLocale(locale);
}

/** Of the languages that somebody asks for, best first, the first that we speak; English where none is. */
export function chooseLocale(asked: readonly string[]): Locale {
  for (const tag of asked) {
    if (/^zh\b/i.test(tag)) return 'zh-CN';
    if (/^en\b/i.test(tag)) return 'en';
  }
  return 'en';
}
