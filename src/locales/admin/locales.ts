import { configureLocalization } from '@lit/localize';
import { sourceLocale, targetLocales, type allLocales } from './generated/locale-codes.ts';

export type Locale = (typeof allLocales)[number];

/** The languages of the console. Its texts are apart from those of the elements, so that no visitor loads them. */
export const { getLocale, setLocale } = configureLocalization({
  sourceLocale,
  targetLocales,
  loadLocale: async (locale) => {
    if (locale !== 'zh-CN') throw new Error(`no texts in ${locale}`);
    const [texts] = await Promise.all([
      import('./generated/zh-CN.ts'),
      import('@awesome.me/webawesome/dist/translations/zh-cn.js'),
    ]);
    return texts;
  },
});
