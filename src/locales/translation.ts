import { configureLocalization } from '@lit/localize';
import { sourceLocale, targetLocales } from './generated/locale-codes.ts';
import { loadTexts } from './load-texts.ts';

/** Replaces the English texts by those of another language. A page in English does not load it. */
export const { getLocale, setLocale } = configureLocalization({
  sourceLocale,
  targetLocales,
  loadLocale: loadTexts,
});
