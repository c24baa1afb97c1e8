/** Loads the texts of a language; each language is a chunk of its own. Rejects where there is none. */
export function loadTexts(locale: string) {
  if (locale === 'zh-CN') return import('./generated/zh-CN.ts');
  return Promise.reject(new Error(`no texts in ${locale}`));
}
