/**
 * The languages of TRTC's transcription, by its codes (`SourceLanguage` and `TranslationLanguage` of
 * pub.dev/documentation/tuikit_atomic_x, an SDK of TRTC for the same service). The documentation of the web SDK lists
 * none.
 */
const SPOKEN: ReadonlySet<string> = new Set(
  'zh en zh-yue vi ja ko id th pt tr ar es hi fr ms fil de it ru'.split(' '),
);
const TRANSLATED: ReadonlySet<string> = new Set(
  'zh en vi ja ko id th pt ar es fr ms de it ru'.split(' '),
);
const CANTONESE = /^(yue|zh-(yue|hk|mo|hant-hk|hant-mo))\b/;

/** The cloud's code for what is spoken in this language; null if it does not recognise it. */
export function spokenLanguage(tag: string): string | null {
  const lower = tag.toLowerCase();
  const code = CANTONESE.test(lower) ? 'zh-yue' : lower.split('-')[0]!;
  return SPOKEN.has(code) ? code : null;
}

/** The cloud's code for texts in this language; null if it does not translate into it. */
export function translatedLanguage(tag: string): string | null {
  const code = tag.toLowerCase().split('-')[0]!;
  return TRANSLATED.has(code) ? code : null;
}
