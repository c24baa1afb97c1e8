import { configureLocalization } from '@lit/localize';
import { sourceLocale, targetLocales, type allLocales } from './generated/locale-codes.ts';

export type Locale = (typeof allLocales)[number];

/** The one language of the texts on this page. A translation is a chunk of its own, loaded when it is wanted. */
export const { getLocale, setLocale } = configureLocalization({
  sourceLocale,
  targetLocales,
  loadLocale: (locale) => {
    if (locale === 'zh-CN') return import('./generated/zh-CN.ts');
    return Promise.reject(new Error(`no texts in ${locale}`));
  },
});

/** Of the languages that somebody asks for, best first, the first that we speak; English where none is. */
export function chooseLocale(asked: readonly string[]): Locale {
  for (const tag of asked) {
    if (/^zh\b/i.test(tag)) return 'zh-CN';
    if (/^en\b/i.test(tag)) return 'en';
  }
  return 'en';
}
