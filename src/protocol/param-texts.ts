import type { ParamWords } from './call-view.ts';

type Texts = { readonly en?: string; readonly 'zh-CN'?: string };

/** A param as people read it. */
export interface ParamText {
  /** As the page sent it. */
  readonly name: string;
  readonly value: string;
  /** The site's word for the name; null where it has none. */
  readonly label: string | null;
  /** The site's words for the value, else the value. */
  readonly text: string;
}

/** The params in the order of the page. `read` chooses a text's language; '' stands for no text. */
export function paramTexts(
  params: Readonly<Record<string, string>>,
  words: ParamWords | undefined,
  read: (texts: Texts) => string,
): readonly ParamText[] {
  return Object.entries(params).map(([name, value]) => {
    const { label = {}, text = {} } = words?.[name] ?? {};
    return { name, value, label: read(label) || null, text: read(text) || value };
  });
}
