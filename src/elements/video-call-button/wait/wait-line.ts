import { css, type ReactiveController, type ReactiveElement } from '@lit/reactive-element';
import type { Wait } from '../../../protocol/rest/wait.ts';
import { languageOf } from '../button-texts.ts';
import { waitLineText } from './wait-texts.ts';

/** The button, as far as its line needs it. */
export interface WaitHost extends ReactiveElement {
  readonly serverAddress: string;
  readonly site: string;
  readonly skill: string;
  readonly flow: string;
  readonly showWait: boolean;
}

/** The line stands in the space that the button has reserved for it, so that nothing moves. */
const styles = css`
  .wait {
    position: absolute;
    inset-inline: 12px;
    inset-block-end: 10px;
    overflow: hidden;
    text-align: center;
    text-overflow: ellipsis;
    white-space: nowrap;
    font-size: 13px;
    font-weight: 400;
    line-height: 18px;
  }
`;

const REFRESH_MS = 60_000;

/**
 * The line of a button with `show-wait`. It is read once, and again each minute while the page is visible. It stays as
 * it is where the server does not answer: the press tells a failure.
 */
class WaitLine implements ReactiveController {
  readonly #host: WaitHost;
  readonly #button: HTMLButtonElement;
  readonly #line = document.createElement('span');
  #wait: Wait | null = null;
  #address = '';
  #reading: AbortController | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(host: WaitHost, button: HTMLButtonElement) {
    this.#host = host;
    this.#button = button;
    this.#line.className = 'wait';
    this.#line.part = 'wait';
    // The button's name stays its label. The line is its description.
    this.#line.ariaHidden = 'true';
    (host.renderRoot as ShadowRoot).adoptedStyleSheets.push(styles.styleSheet!);
    button.append(this.#line);
    host.addController(this);
    host.requestUpdate();
  }

  hostConnected(): void {
    this.#timer = setInterval(() => {
      if (!document.hidden) void this.#read();
    }, REFRESH_MS);
  }

  hostDisconnected(): void {
    clearInterval(this.#timer);
    this.#reading?.abort();
    this.#address = '';
  }

  hostUpdated(): void {
    const address = this.#host.showWait ? this.#addressOf() : '';
    if (address !== this.#address) {
      this.#address = address;
      this.#wait = null;
      if (address) void this.#read();
    }
    this.#show();
  }

  #addressOf(): string {
    const { serverAddress, site, skill, flow } = this.#host;
    const url = new URL(`/api/v1/sites/${encodeURIComponent(site)}/wait`, serverAddress);
    if (skill) url.searchParams.set('skill', skill);
    else if (flow) url.searchParams.set('flow', flow);
    return url.href;
  }

  async #read(): Promise<void> {
    this.#reading?.abort();
    const reading = (this.#reading = new AbortController());
    try {
      const response = await fetch(this.#address, {
        credentials: 'omit',
        signal: reading.signal,
      });
      if (!response.ok) return;
      const wait = (await response.json()) as Wait;
      if (reading !== this.#reading) return;
      this.#wait = wait;
      this.#show();
    } catch {
      // Aborted, or the server cannot be reached.
    }
  }

  #show(): void {
    const text = this.#wait ? waitLineText(this.#wait, languageOf(this.#host), new Date()) : '';
    this.#line.textContent = text;
    this.#line.title = text;
    this.#button.ariaDescription = text || null;
  }
}

/** Shows the wait on a button as soon as the browser is idle. */
export function showWait(host: WaitHost): void {
  // Safari has no requestIdleCallback.
  const whenIdle = window.requestIdleCallback ?? setTimeout;
  whenIdle(() => {
    const button = host.renderRoot.querySelector('button')!;
    // The attribute may have been taken away and set again.
    if (!button.querySelector('.wait')) new WaitLine(host, button);
  });
}
