/**
 * The language of a demo page: `?lang=`, else the browser's. The HTML has the English texts. In Chinese an
 * element with `data-text="key"` gets the text of its key.
 */
const asked = new URLSearchParams(location.search).get('lang');
export const language =
  asked === 'en' || asked === 'zh-CN'
    ? asked
    : navigator.language.startsWith('zh')
      ? 'zh-CN'
      : 'en';

document.documentElement.lang = language;

/** The address of another demo page, or of this one, in a language (by default this page's). */
export function inLanguage(address, lang = language) {
  const url = new URL(address, location.href);
  url.searchParams.set('lang', lang);
  return url.href;
}

/** Translates the page, and sets the addresses of its links. */
export function translatePage(chinese) {
  if (language === 'zh-CN') {
    for (const element of document.querySelectorAll('[data-text]')) {
      element.textContent = chinese[element.dataset.text];
    }
    for (const element of document.querySelectorAll('[data-label]')) {
      element.setAttribute('aria-label', chinese[element.dataset.label]);
    }
    document.title = chinese.title;
  }
  for (const link of document.querySelectorAll('a[data-lang]')) {
    link.href = inLanguage(location.href, link.dataset.lang);
    if (link.dataset.lang === language) link.setAttribute('aria-current', 'true');
  }
  for (const link of document.querySelectorAll('a[data-keep-language]')) {
    link.href = inLanguage(link.href);
  }
}
