import { LOCALE_STATUS_EVENT } from '@lit/localize';
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { chooseLocale, getLocale, setLocale } from './locales.ts';

/**
 * Keeps its host in a language: that of its own `lang`, else that of the closest ancestor with a `lang`, also
 * across shadow roots, else the browser's. All texts of a page are in one language at a time. Where two
 * elements ask for different languages, the later change wins.
 */
export class LocaleController implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  #observer: MutationObserver | null = null;

  constructor(host: ReactiveControllerHost & HTMLElement) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    window.addEventListener(LOCALE_STATUS_EVENT, this.#handleStatus);
    this.#observer = new MutationObserver(this.#choose);
    for (const element of [this.#host, document.documentElement]) {
      this.#observer.observe(element, { attributeFilter: ['lang'] });
    }
    this.#choose();
  }

  hostDisconnected(): void {
    window.removeEventListener(LOCALE_STATUS_EVENT, this.#handleStatus);
    this.#observer?.disconnect();
    this.#observer = null;
  }

  readonly #handleStatus = (event: WindowEventMap[typeof LOCALE_STATUS_EVENT]): void => {
    if (event.detail.status === 'ready') this.#host.requestUpdate();
  };

  readonly #choose = (): void => {
    const named = closestLanguage(this.#host);
    const locale = chooseLocale(named ? [named] : navigator.languages);
    if (locale === getLocale()) return;
    setLocale(locale).catch((error: unknown) => {
      // The texts stay in the present language. Everything else works.
      console.warn(`rtc-desk: the texts in ${locale} could not be loaded`, error);
    });
  };
}

function closestLanguage(start: Element): string {
  let node: Node | null = start;
  while (node) {
    if (node instanceof HTMLElement && node.lang) return node.lang;
    node = node instanceof ShadowRoot ? node.host : (node.parentNode ?? null);
  }
  return '';
}
