/** Opens the console in a test's page, over the REST interface in memory. */
import '../../src/admin/web-awesome.ts';
import '../../src/admin/define.ts';
import type { AdminApp } from '../../src/admin/app/admin-app.ts';
import { chooseTheme, type Theme } from '../../src/admin/app/preferences.ts';
import { useIcons } from '../../src/admin/web-awesome.ts';
import { setLocale, type Locale } from '../../src/locales/admin/locales.ts';
import { FakeRest } from './fake-rest.ts';

const STYLES = [
  '/node_modules/@awesome.me/webawesome/dist/styles/themes/default.css',
  '/src/admin/page/theme.css',
];
const ADDRESS = location.href;
const realFetch = window.fetch;

useIcons('/src/admin/page/admin-icons.svg');

export interface ConsoleOptions {
  readonly lang?: Locale;
  readonly theme?: Theme;
  /** Changes the server before the console asks it. */
  readonly prepare?: (rest: FakeRest) => void;
}

/** The console at an address, as soon as it has asked for its session. */
export class OpenConsole {
  readonly rest = new FakeRest();
  readonly app: AdminApp = document.createElement('rtc-admin-app') as AdminApp;

  static async at(path: string, options: ConsoleOptions = {}): Promise<OpenConsole> {
    await loadStyles();
    chooseTheme(options.theme ?? 'light');
    await setLocale(options.lang ?? 'en');
    document.documentElement.lang = options.lang ?? 'en';
    const open = new OpenConsole();
    options.prepare?.(open.rest);
    window.fetch = (address, init) => open.#answer(String(address), init);
    history.pushState(null, '', path);
    document.body.append(open.app);
    await open.shows('main');
    return open;
  }

  close(): void {
    this.app.remove();
    window.fetch = realFetch;
    history.pushState(null, '', ADDRESS);
  }

  async #answer(address: string, init: RequestInit = {}): Promise<Response> {
    const url = new URL(address, location.origin);
    const headers = new Headers(init.headers);
    const { status, body, etag } = this.rest.handle({
      method: init.method ?? 'GET',
      path: url.pathname.replace('/api/v1', ''),
      query: url.searchParams,
      ifMatch: headers.get('if-match'),
      body: typeof init.body === 'string' ? JSON.parse(init.body) : null,
    });
    if (status === 0) throw new TypeError('The network is away.');
    const text = body === undefined ? null : JSON.stringify(body);
    return new Response(text, { status, headers: { ...(etag && { etag }) } });
  }

  /** All elements that match, shadow trees included. */
  all<E extends Element = HTMLElement>(selector: string): E[] {
    const found: E[] = [];
    const walk = (root: ParentNode): void => {
      for (const element of root.querySelectorAll('*')) {
        if (element.matches(selector)) found.push(element as E);
        if (element.shadowRoot) walk(element.shadowRoot);
      }
    };
    if (this.app.shadowRoot) walk(this.app.shadowRoot);
    return found;
  }

  /** Waits for an element that matches. */
  shows<E extends Element = HTMLElement>(selector: string): Promise<E> {
    return until(selector, () => this.all<E>(selector)[0]);
  }

  /** Waits for a text on the page. */
  async says(text: string): Promise<void> {
    await until(`“${text}”`, () => textOf(this.app).includes(text));
  }

  async gone(text: string): Promise<void> {
    await until(`no “${text}”`, () => !textOf(this.app).includes(text));
  }

  /** Waits for a button of this name, and presses it. */
  async press(name: string): Promise<void> {
    const button = await until(`a button ${name}`, () =>
      this.all('wa-button, button, summary').find(
        (one) =>
          nameOf(one) === name && one.checkVisibility() && !one.matches(':disabled, [disabled]'),
      ),
    );
    button.click();
  }

  /** Waits for the link of this name, and follows it. */
  async follow(name: string): Promise<void> {
    const link = await until(`a link ${name}`, () =>
      this.all('a').find((one) => textOf(one) === name && one.checkVisibility()),
    );
    link.click();
  }

  /** Waits for the field with this label. */
  field<E extends Element = HTMLInputElement>(label: string): Promise<E> {
    return until(`a field ${label}`, () =>
      this.all<HTMLInputElement>('input, select, textarea').find(
        (one) =>
          one.getAttribute('aria-label') === label ||
          [...(one.labels ?? [])].some((text) => textOf(text) === label),
      ),
    ) as unknown as Promise<E>;
  }

  /** Enters a value as a person does. */
  async enter(label: string, value: string): Promise<void> {
    const field = await this.field(label);
    field.value = value;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    field.dispatchEvent(new Event('change', { bubbles: true }));
  }

  get text(): string {
    return textOf(this.app);
  }
}

async function loadStyles(): Promise<void> {
  if (document.querySelector('link[rel=stylesheet]')) return;
  await Promise.all(
    STYLES.map(
      (href) =>
        new Promise((resolve, reject) => {
          const link = document.createElement('link');
          Object.assign(link, { rel: 'stylesheet', href, onload: resolve, onerror: reject });
          document.head.append(link);
        }),
    ),
  );
}

/** Asks in each frame until there is an answer; the test's own limit ends a wait for what never comes. */
export async function until<T>(what: string, read: () => T | undefined | null | false): Promise<T> {
  const start = performance.now();
  for (;;) {
    const found = read();
    if (found) return found;
    if (performance.now() - start > 15_000) throw new Error(`not seen: ${what}`);
    await new Promise(requestAnimationFrame);
  }
}

/** The visible text, shadow trees and slots included, with single spaces. */
export function textOf(root: Node): string {
  const parts: string[] = [];
  const walk = (node: Node): void => {
    if (node instanceof HTMLStyleElement) return;
    if (node.nodeType === Node.TEXT_NODE) parts.push(node.textContent ?? '');
    if (node instanceof Element && node.shadowRoot) walk(node.shadowRoot);
    for (const child of node.childNodes) walk(child);
    if (node instanceof HTMLElement && !node.matches('span, b, i')) parts.push(' ');
  };
  walk(root);
  return parts.join('').replace(/\s+/g, ' ').trim();
}

/** The accessible name of a button. */
function nameOf(button: HTMLElement): string {
  const icon = button.querySelector('wa-icon[label]');
  const text = (button.textContent ?? '').replace(/\s+/g, ' ').trim();
  return text || (icon?.getAttribute('label') ?? '');
}
