import { getLocale } from '../../locales/locales.ts';

type Texts = Readonly<Partial<Record<'en' | 'zh-CN', string>>>;

/** A text that the site wrote, in the person's language; else in the other one. */
export function labelText(texts: Texts): string {
  return texts[getLocale() as keyof Texts] ?? texts.en ?? texts['zh-CN'] ?? '';
}
