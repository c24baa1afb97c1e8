import { localized, msg, str } from '@lit/localize';
import { LitElement, css, html, nothing } from 'lit';
import { property, state } from 'lit/decorators.js';
import type {
  MadeSharedLink,
  SharedLink,
  SharedLinkList,
} from '../../protocol/rest/shared-links.ts';
import type { ConsoleContext } from '../app/console-context.ts';
import { errorText } from '../rest/error-text.ts';
import { consoleStyles, fieldStyles } from './console-styles.ts';
import { secretValue, secretValueStyles } from './secret-value.ts';
import { dateTimeText } from './time-texts.ts';

const HOUR_SECONDS = 3_600;
const DAY_SECONDS = 24 * HOUR_SECONDS;

/** A button, and a dialog in which a link is made that needs no account, and earlier ones are revoked. */
@localized()
export class ShareLink extends LitElement {
  static override styles = [
    consoleStyles,
    fieldStyles,
    secretValueStyles,
    css`
      :host {
        display: inline-block;
      }
      ul {
        display: grid;
        gap: 8px;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        display: flex;
        gap: 12px;
        align-items: center;
        justify-content: space-between;
      }
    `,
  ];

  @property({ attribute: false }) context!: ConsoleContext;
  /** Where a link is made, below `/api/v1`. */
  @property({ attribute: false }) path = '';
  /** The call's id. */
  @property({ attribute: false }) call = '';
  /** To what the link is. */
  @property({ attribute: false }) what: SharedLink['what'] = 'recording';
  @property({ attribute: false }) size: 's' | 'm' = 'm';

  @state() private open = false;
  @state() private seconds = DAY_SECONDS;
  @state() private busy = false;
  @state() private problem = '';
  @state() private made: MadeSharedLink | null = null;
  @state() private links: readonly SharedLink[] = [];

  protected override render() {
    return html`<wa-button appearance="outlined" size=${this.size} @click=${this.#show}>
        <wa-icon slot="start" name="link"></wa-icon>${msg('Copy a link')}
      </wa-button>
      <wa-dialog
        label=${this.what === 'recording' ? msg('Link to the recording') : msg('Link to the case file')}
        .open=${this.open}
        @wa-hide=${(event: Event) => {
          if (event.target === event.currentTarget) this.#close();
        }}
      >
        ${this.open ? this.#renderContent() : nothing}
        ${
          this.made
            ? html`<wa-button slot="footer" variant="brand" @click=${this.#close}>
                ${msg('Done')}
              </wa-button>`
            : html`<wa-button slot="footer" appearance="outlined" @click=${this.#close}>
                ${msg('Close')}
              </wa-button>`
        }
      </wa-dialog>`;
  }

  #renderContent() {
    const { made, problem, links, busy } = this;
    return html`<div class="stack">
      <p>
        ${msg('Whoever has the link needs no account until it expires. The audit log tells of each use.')}
      </p>
      ${made ? this.#renderMade(made) : this.#renderForm(busy)}
      ${problem ? html`<p role="alert">${problem}</p>` : nothing}
      ${
        links.length > 0
          ? html`<h3>${msg('Links that work now')}</h3>
              <ul>
                ${links.map(
                  (link) =>
                    html`<li>
                      <span class="quiet">
                        ${link.madeBy} · ${msg(str`until ${dateTimeText(link.expiresAt)}`)}
                      </span>
                      <wa-button
                        appearance="outlined"
                        size="s"
                        ?disabled=${busy}
                        @click=${() => this.#revoke(link.id)}
                      >
                        ${msg('Revoke')}
                      </wa-button>
                    </li>`,
                )}
              </ul>`
          : nothing
      }
    </div>`;
  }

  #renderForm(busy: boolean) {
    const choices: [number, string][] = [
      [HOUR_SECONDS, msg('1 hour')],
      [DAY_SECONDS, msg('1 day')],
      [7 * DAY_SECONDS, msg('7 days')],
      [30 * DAY_SECONDS, msg('30 days')],
    ];
    return html`<div class="field">
        <label for="seconds">${msg('How long the link works')}</label>
        <select
          id="seconds"
          @change=${(event: Event) =>
            (this.seconds = Number((event.target as HTMLSelectElement).value))}
        >
          ${choices.map(
            ([seconds, text]) =>
              html`<option value=${seconds} ?selected=${seconds === this.seconds}>${text}</option>`,
          )}
        </select>
      </div>
      <div>
        <wa-button variant="brand" ?loading=${busy} @click=${this.#make}>
          ${msg('Make the link')}
        </wa-button>
      </div>`;
  }

  #renderMade({ url, expiresAt }: MadeSharedLink) {
    return html`${secretValue(url)}
      <p class="quiet">
        ${msg(str`It works until ${dateTimeText(expiresAt)}, and is shown only now.`)}
      </p>`;
  }

  readonly #show = (): void => {
    this.open = true;
    void this.#run(() => this.#readLinks());
  };

  readonly #close = (): void => {
    this.open = false;
    this.made = null;
    this.problem = '';
  };

  readonly #make = (): Promise<void> =>
    this.#run(async () => {
      const { rest } = this.context;
      const body = { expiresInSeconds: this.seconds };
      this.made = (await rest.send<MadeSharedLink>(this.path, { method: 'POST', body })).body;
      await this.#readLinks();
    });

  readonly #revoke = (id: string): Promise<void> =>
    this.#run(async () => {
      await this.context.rest.send(`/shared-links/${id}`, { method: 'DELETE' });
      if (this.made?.id === id) this.made = null;
      await this.#readLinks();
    });

  async #readLinks(): Promise<void> {
    const { links } = await this.context.rest.get<SharedLinkList>(`/calls/${this.call}/links`);
    this.links = links.filter(({ what }) => what === this.what);
  }

  async #run(action: () => Promise<void>): Promise<void> {
    this.busy = true;
    this.problem = '';
    try {
      await action();
    } catch (error) {
      this.problem = errorText(error);
    }
    this.busy = false;
  }
}
