/**
 * The texts of the button itself, in both languages. They are not among the other texts, so that the button
 * stays one small request.
 */
const texts = {
  en: {
    label: 'Video call',
    failed: 'The video call could not be loaded.',
    hint: 'Check your connection and try again.',
  },
  'zh-CN': {
    label: '视频通话',
    failed: '视频通话加载失败。',
    hint: '请检查网络后重试。',
  },
};

export type ButtonTexts = (typeof texts)['en'];

/** The language of an element: its own `lang`, else that of the closest ancestor with one, else the browser's. */
export function languageOf(element: Element): 'en' | 'zh-CN' {
  const named = element.closest<HTMLElement>('[lang]:not([lang=""])')?.lang;
  const known = (named ? [named] : navigator.languages).find((tag) => /^(zh|en)\b/i.test(tag));
  return known && /^zh/i.test(known) ? 'zh-CN' : 'en';
}

export function buttonTexts(element: Element): ButtonTexts {
  return texts[languageOf(element)];
}
