import { configureLocalization } from '@lit/localize';
import { sourceLocale, targetLocales } from './generated/locale-codes.ts';
import { loadTexts } from './load-texts.ts';

/** What puts other texts in place of the English ones; a page in English does without. */
export const { getLocale, setLocale } = configureLocalization({
  sourceLocale,
  targetLocales,
  loadLocale: loadTexts,
});
