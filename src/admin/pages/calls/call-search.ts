import { localized, msg, str } from '@lit/localize';
import { LitElement, css, html, nothing } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type { CallSearchPage, FoundCall } from '../../../protocol/rest/call-search.ts';
import type { ConsoleContext } from '../../app/console-context.ts';
import { consoleStyles, fieldStyles } from '../../parts/console-styles.ts';
import { listStyles } from '../../parts/list-styles.ts';
import { clockText, dateTimeText } from '../../parts/time-texts.ts';
import { errorText } from '../../rest/error-text.ts';
import { visitorText } from './call-texts.ts';
import { markText } from './mark-text.ts';

const MIN_LENGTH = 2;
/** Found calls after which the person is asked whether to go on. */
const FOUND_AT_ONCE = 20;

/** Looks for words in what was written, said and noted in calls. The newest calls come first. */
@localized()
export class CallSearch extends LitElement {
  static override styles = [
    consoleStyles,
    fieldStyles,
    listStyles,
    css`
      form {
        display: flex;
        flex-wrap: wrap;
        gap: 12px;
        align-items: start;
        margin-bottom: 16px;
      }
      form .field {
        flex: 1 1 240px;
        max-width: 520px;
      }
      /* Beside the field, below its label. */
      form wa-button {
        margin-top: 26px;
      }
      .found {
        display: grid;
        gap: 12px;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      h2 {
        font-size: 16px;
      }
      dl {
        display: grid;
        gap: 8px;
        margin: 12px 0 0;
      }
      dt {
        color: var(--wa-color-text-quiet);
        font-size: 13.5px;
      }
      dd {
        margin: 0;
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      mark {
        border-radius: 3px;
        background: var(--wa-color-warning-fill-normal);
        color: var(--wa-color-warning-on-normal);
      }
      .below {
        margin-top: 16px;
      }
    `,
  ];

  @property({ attribute: false }) context!: ConsoleContext;
  /** The query of the page's address: `text` is what is looked for. */
  @property() search = '';

  @state() private found: readonly FoundCall[] = [];
  @state() private state: 'idle' | 'searching' | 'paused' | 'done' = 'idle';
  @state() private searchedTo: number | null = null;
  @state() private problem = '';
  @query('input') private field!: HTMLInputElement;
  #text = '';
  #cursor: string | null = null;
  #stop = new AbortController();

  override connectedCallback(): void {
    super.connectedCallback();
    const text = new URLSearchParams(this.search).get('text');
    if (text) this.#begin(text);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop.abort();
  }

  protected override render() {
    return html`<div class="page-head">
        <h1 tabindex="-1">${msg('Search in conversations')}</h1>
      </div>
      <form role="search" @submit=${this.#handleSubmit}>
        <div class="field">
          <label for="text">${msg('Words')}</label>
          <input
            id="text"
            type="search"
            minlength=${MIN_LENGTH}
            maxlength="80"
            required
            .value=${this.#text}
            aria-describedby="where"
          />
          <span class="quiet" id="where">
            ${msg('In chat messages, transcripts and notes of the calls that you may read.')}
          </span>
        </div>
        <wa-button type="submit" variant="brand">
          <wa-icon slot="start" name="search"></wa-icon>${msg('Search')}
        </wa-button>
      </form>
      ${this.problem ? html`<p role="alert">${this.problem}</p>` : nothing}
      <ul class="found">
        ${this.found.map((one) => this.#renderFound(one))}
      </ul>
      <p class="below quiet" role="status">${this.#stateText()}</p>
      ${
        this.state === 'paused' || this.problem
          ? html`<p class="below">
              <wa-button appearance="outlined" @click=${() => this.#continue()}>
                ${msg('Search further back')}
              </wa-button>
            </p>`
          : nothing
      }`;
  }

  #renderFound({ call, lines, total }: FoundCall) {
    const more = total - lines.length;
    return html`<li class="card">
      <h2>
        <a href="/admin/calls/${call.id}">${visitorText(call.visitor)}</a>
      </h2>
      <p class="quiet">
        ${[dateTimeText(call.requestedAt), call.skill?.name, call.agent?.name].filter(Boolean).join(' · ')}
      </p>
      <dl>
        ${lines.map(
          ({ kind, at, name, role, text }) =>
            html`<div>
              <dt>
                ${kindText(kind)} · ${role === 'visitor' ? visitorText(call.visitor) : name} ·
                ${clockText(at)}
              </dt>
              <dd>
                ${markText(text, this.#text).map((piece) =>
                  piece.hit ? html`<mark>${piece.text}</mark>` : piece.text,
                )}
              </dd>
            </div>`,
        )}
      </dl>
      ${more > 0 ? html`<p class="quiet">${msg(str`${more} more lines of this call`)}</p>` : nothing}
    </li>`;
  }

  #stateText(): string {
    const back = this.searchedTo === null ? '' : dateTimeText(this.searchedTo);
    switch (this.state) {
      case 'idle':
        return '';
      case 'searching':
        return back ? msg(str`Searching. Looked back to ${back}.`) : msg('Searching.');
      case 'paused':
        return msg(str`Looked back to ${back}.`);
      case 'done':
        return this.found.length === 0
          ? msg('Nothing was found.')
          : msg('All calls have been searched.');
    }
  }

  readonly #handleSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    const text = this.field.value.trim();
    if (text.length < MIN_LENGTH) return;
    this.context.go(`/admin/calls/search?${new URLSearchParams({ text })}`, { replace: true });
    this.#begin(text);
  };

  #begin(text: string): void {
    this.#text = text;
    this.found = [];
    this.searchedTo = null;
    this.#cursor = null;
    this.#continue();
  }

  /** Looks through further calls until enough are found. */
  #continue(): void {
    this.#stop.abort();
    this.#stop = new AbortController();
    this.problem = '';
    this.state = 'searching';
    void this.#run(this.#stop.signal);
  }

  async #run(signal: AbortSignal): Promise<void> {
    const enough = this.found.length + FOUND_AT_ONCE;
    try {
      do {
        const { items, cursor, searchedTo } = await this.context.rest.get<CallSearchPage>(
          '/calls/search',
          { text: this.#text, cursor: this.#cursor },
          signal,
        );
        this.found = [...this.found, ...items];
        this.searchedTo = searchedTo ?? this.searchedTo;
        this.#cursor = cursor;
      } while (this.#cursor !== null && this.found.length < enough);
      this.state = this.#cursor === null ? 'done' : 'paused';
    } catch (error) {
      if (signal.aborted) return;
      this.state = 'idle';
      this.problem = errorText(error);
    }
  }
}

function kindText(kind: FoundCall['lines'][number]['kind']): string {
  switch (kind) {
    case 'chat':
      return msg('Written');
    case 'caption':
      return msg('Said');
    case 'note':
      return msg('Note');
  }
}
