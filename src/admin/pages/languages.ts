/** The languages in which an admin writes texts. */
export const LANGUAGES = [
  { value: 'en', label: 'English' },
  { value: 'zh-CN', label: '中文' },
] as const;
export type Language = (typeof LANGUAGES)[number]['value'];

/** A text in some of the languages. */
export type Texts = { readonly [L in Language]?: string | undefined };

/** With this text in this language; an empty one is left out. */
export function withText(texts: Texts, language: Language, text: string): Texts {
  const { [language]: _old, ...others } = texts;
  return text.trim() === '' ? others : { ...others, [language]: text };
}
