import { getLocale } from '../../../locales/locales.ts';

/** A text of the site in the visitor's language, else in the first one that the site has, with its language. */
export function siteText(
  texts: Readonly<Record<string, string>>,
): readonly [text: string, language: string] {
  const language = texts[getLocale()] ? getLocale() : Object.keys(texts)[0]!;
  return [texts[language]!, language];
}
