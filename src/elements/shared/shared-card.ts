import { msg, str } from '@lit/localize';
import { LitElement, css, html, nothing, type PropertyValues } from 'lit';
import { property, state } from 'lit/decorators.js';
import { LocaleController } from '../../locales/locale-controller.ts';
import type { SharedThing } from '../../protocol/rest/shared-links.ts';
import { buttonStyles } from '../parts/styles/button-styles.ts';
import { cardStyles } from '../parts/styles/card-styles.ts';
import { theme } from '../parts/styles/theme.ts';
import { durationText } from '../parts/texts/durations.ts';
import { errorText } from '../parts/texts/error-text.ts';
import { dayText, timeText } from '../parts/texts/time-texts.ts';
import { visitorRequest } from '../parts/visitor-request.ts';

/**
 * What a link opens: a recording with a player, or a case file to save.
 *
 * @event loaded - The name of the site is known.
 */
export class SharedCard extends LitElement {
  static override styles = [
    theme,
    cardStyles,
    buttonStyles,
    css`
      :host {
        inline-size: min(960px, 100vw - 32px);
      }
      section {
        display: grid;
        gap: 16px;
      }
      h2,
      p {
        margin: 0;
        overflow-wrap: anywhere;
      }
      h2 {
        font-size: 20px;
      }
      .quiet {
        color: var(--_quiet);
        font-size: 14px;
      }
      video {
        inline-size: 100%;
        border-radius: var(--_radius-small);
        background: black;
        aspect-ratio: 8 / 3;
      }
      .part {
        display: grid;
        gap: 8px;
      }
      a.button {
        justify-self: start;
        text-decoration: none;
      }
    `,
  ];

  /** The desk's address. */
  @property({ attribute: false }) server = '';
  /** The code of the link. */
  @property({ attribute: false }) code = '';
  @property({ reflect: true }) theme: 'light' | 'dark' | 'auto' | null = null;

  @state() private thing: SharedThing | null = null;
  @state() private problem: 'gone' | 'offline' | null = null;

  constructor() {
    super();
    new LocaleController(this);
  }

  /** The name of the site; '' before it is known. */
  get siteName(): string {
    return this.thing?.siteName ?? '';
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('code')) void this.#load();
  }

  async #load(): Promise<void> {
    this.problem = null;
    const response = await visitorRequest(this.server, 'shared', this.code).catch(() => null);
    if (response?.ok) {
      this.thing = (await response.json()) as SharedThing;
      this.dispatchEvent(new Event('loaded'));
      return;
    }
    const isGone = response !== null && [401, 404].includes(response.status);
    this.problem = isGone ? 'gone' : 'offline';
  }

  protected override render() {
    const { thing, problem } = this;
    if (problem === 'gone') {
      return html`<section>
        <h2>${msg('This link opens nothing')}</h2>
        <p>${msg('It has expired or was revoked. Ask whoever gave it to you for another one.')}</p>
      </section>`;
    }
    if (problem === 'offline') {
      return html`<section>
        <p role="alert">${errorText('offline').text}</p>
        <p>
          <button class="button" type="button" @click=${() => this.#load()}>
            ${msg('Try again')}
          </button>
        </p>
      </section>`;
    }
    if (!thing) return html`<p role="status">${msg('Loading…')}</p>`;
    const { what, siteName, requestedAt, expiresAt } = thing;
    const called = `${dayText(requestedAt)}, ${timeText(requestedAt)}`;
    return html`<section>
      <div>
        <h2>${siteName}</h2>
        <p class="quiet">${msg(str`Call of ${called}`)}</p>
      </div>
      ${what === 'recording' ? this.#recording(thing) : this.#caseFile()}
      <p class="quiet">
        ${msg(str`This link works until ${`${dayText(expiresAt)}, ${timeText(expiresAt)}`}. Each use of it is logged.`)}
      </p>
    </section>`;
  }

  #recording({ parts }: SharedThing) {
    return parts.map(
      ({ part, seconds, cloud }) =>
        html`<div class="part">
          ${
            parts.length > 1
              ? html`<p>${msg(str`Part ${part}`)} · ${durationText(seconds)}</p>`
              : nothing
          }
          ${cloud === 'vod' ? this.#elsewhere(part) : this.#player(part)}
        </div>`,
    );
  }

  #player(part: number) {
    return html`<video
        controls
        preload="metadata"
        src=${this.#address({ part })}
        aria-label=${msg('Recording of the call')}
      ></video>
      <a class="button" href=${this.#address({ part, download: true })} download>
        ${msg('Save the recording')}
      </a>`;
  }

  /** A page of another origin: this page's policy lets no video of it in. */
  #elsewhere(part: number) {
    return html`<a class="button" href=${this.#address({ part })} target="_blank" rel="noopener">
      ${msg('Watch it at Tencent VOD')}
    </a>`;
  }

  #caseFile() {
    return html`<p>
        ${msg('The case file is one ZIP with the record of the call, the conversation, its pictures and the recording. It is signed.')}
      </p>
      <a class="button" href=${this.#address({})} download>${msg('Save the case file')}</a>`;
  }

  #address(query: { readonly part?: number; readonly download?: boolean }): string {
    const address = new URL('/api/v1/shared/file', this.server);
    address.searchParams.set('code', this.thing?.fileCode ?? '');
    for (const [name, value] of Object.entries(query)) {
      address.searchParams.set(name, String(value));
    }
    return address.href;
  }
}
