/** What the server's own pages for visitors have in common. */
import { LOCALE_STATUS_EVENT } from '@lit/localize';

export interface VisitorPage {
  readonly main: HTMLElement;
  /** Shows the texts again, after what they depend on has changed. */
  readonly renew: () => void;
}

export interface VisitorPageTexts {
  readonly heading: string;
  /** Null: the title of the page stays as it is. */
  readonly title: string | null;
}

/** Makes the page in the language of `?lang=`, with a heading in its `<main>`. The texts follow the language. */
export function openVisitorPage(texts: () => VisitorPageTexts): VisitorPage {
  const language = new URLSearchParams(location.search).get('lang');
  if (language) document.documentElement.lang = language;
  const main = document.createElement('main');
  const headingElement = document.createElement('h1');
  main.append(headingElement);
  document.body.append(main);
  const renew = () => {
    const { heading, title } = texts();
    headingElement.textContent = heading;
    if (title !== null) document.title = title;
  };
  // The texts of another language are loaded after the page.
  window.addEventListener(LOCALE_STATUS_EVENT, renew);
  renew();
  return { main, renew };
}

/** The code behind the `#`. Another code opens something else, so that the page is loaded again. */
export function codeOfPage(): string {
  window.addEventListener('hashchange', () => location.reload());
  return location.hash.slice(1);
}
