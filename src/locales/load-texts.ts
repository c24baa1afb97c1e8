/** A translation is a chunk of its own, loaded when it is wanted. Rejects where there is none. */
export function loadTexts(locale: string) {
  if (locale === 'zh-CN') return import('./generated/zh-CN.ts');
  return Promise.reject(new Error(`no texts in ${locale}`));
}
