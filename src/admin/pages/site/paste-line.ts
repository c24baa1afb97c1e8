import type { ButtonSettings } from '../../../protocol/rest/site-settings.ts';
import type { Language } from '../languages.ts';

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

/**
 * The HTML that a site owner pastes. A floating button is the script alone; one that stands in the page is an element.
 * What the button shows by itself is left out.
 */
export function pasteLine(
  server: string,
  site: string,
  { placement, theme, accent, label }: ButtonSettings,
  language: Language,
): string {
  const attributes: [string, string | null | undefined][] = [
    ['site', site],
    ['placement', placement],
    ['theme', theme === 'auto' ? null : theme],
    ['label', label[language]],
    ['style', accent && `--rtc-accent: ${accent}`],
  ];
  const written = attributes
    .filter(([, value]) => value)
    .map(([name, value]) => `${name}="${escape(value ?? '')}"`)
    .join(' ');
  const script = `<script type="module" src="${server}/rtc-desk.js"`;
  const isPlain = placement === 'bottom-end' && theme === 'auto' && !accent && !label[language];
  if (isPlain) return `${script} data-site="${site}"></script>`;
  return `${script}></script>\n<video-call-button ${written}></video-call-button>`;
}
