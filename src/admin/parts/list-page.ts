import { localized, msg, str } from '@lit/localize';
import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { ConsoleContext } from '../app/console-context.ts';
import { errorText } from '../rest/error-text.ts';
import { consoleStyles, fieldStyles } from './console-styles.ts';
import type { Option } from './fields.ts';
import type { Filter, ListAnswer, ListDefinition } from './list-definition.ts';
import { listStyles } from './list-styles.ts';
import { listTable } from './list-table.ts';

const PAGE_ROWS = 50;
/** A person who types does not ask the server for each letter. */
const TYPING_MS = 300;

type State<Row> =
  | { readonly name: 'loading' }
  | { readonly name: 'failed'; readonly text: string }
  | { readonly name: 'ready'; readonly answer: ListAnswer<Row> };

/** A table whose order, filters and page are in the address, so that reload, back and a copied link show the same. */
@localized()
export class ListPage<Row = unknown> extends LitElement {
  static override styles = [consoleStyles, fieldStyles, listStyles];

  @property({ attribute: false }) context!: ConsoleContext;
  @property({ attribute: false }) definition!: ListDefinition<Row>;
  /** The query of the page's address. */
  @property() search = '';

  @state() private state: State<Row> = { name: 'loading' };
  /** Another page or order is loaded. The present rows are shown meanwhile. */
  @state() private busy = false;
  /** The options that were loaded, by the name of the filter. */
  @state() private options: Readonly<Record<string, readonly Option[]>> = {};

  @query('h1') private readonly heading!: HTMLElement;

  #stop = new AbortController();
  #gone = new AbortController();
  #typing: ReturnType<typeof setTimeout> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    const { signal } = (this.#gone = new AbortController());
    for (const { name, load } of this.definition.filters) {
      if (load) void this.#loadOptions(name, load(signal), signal);
    }
  }

  async #loadOptions(
    name: string,
    loading: Promise<readonly Option[]>,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      const options = await loading;
      this.options = { ...this.options, [name]: options };
    } catch (error) {
      if (!signal.aborted) this.context.notify(errorText(error));
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#typing);
    this.#stop.abort();
    this.#gone.abort();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('definition') as ListDefinition<Row> | undefined;
    if (changed.has('search') || (before && before.path !== this.definition.path))
      void this.reload();
    else if (!this.hasUpdated) void this.reload();
  }

  /** Reads the present page of the list again. */
  async reload(): Promise<void> {
    this.#stop.abort();
    const { signal } = (this.#stop = new AbortController());
    this.busy = true;
    try {
      const { path, rows = 'items' } = this.definition;
      const query = { ...this.#parameters(), limit: PAGE_ROWS, ...this.#cursor() };
      const body = await this.context.rest.get<Record<string, unknown>>(path, query, signal);
      if (signal.aborted) return;
      const answer = { items: body[rows] as Row[], cursor: (body['cursor'] as string) ?? null };
      this.state = { name: 'ready', answer };
    } catch (error) {
      if (signal.aborted) return;
      this.state = { name: 'failed', text: errorText(error) };
    }
    this.busy = false;
  }

  get #params(): URLSearchParams {
    return new URLSearchParams(this.search);
  }

  #cursor() {
    const cursor = this.#params.get('cursor');
    return cursor === null ? {} : { cursor };
  }

  /** The filters and the order as the server takes them. */
  #parameters(): Record<string, string> {
    const found: Record<string, string> = {};
    const params = this.#params;
    for (const { name, toParameter } of this.definition.filters) {
      const value = params.get(name);
      if (value) found[name] = toParameter ? toParameter(value) : value;
    }
    const sort = params.get('sort');
    if (sort) found['sort'] = sort;
    return found;
  }

  protected override render() {
    const { heading, intro, create, headActions } = this.definition;
    return html`<div class="page-head">
        <div>
          <h1 tabindex="-1">${heading}</h1>
          ${intro ? html`<p class="quiet">${intro}</p>` : nothing}
        </div>
        <div class="row">
          ${headActions?.(this.#parameters()) ?? nothing}
          ${
            create
              ? html`<wa-button variant="brand" @click=${() => this.context.go(create.path)}>
                  <wa-icon slot="start" name="plus"></wa-icon>${create.label}
                </wa-button>`
              : nothing
          }
        </div>
      </div>
      ${this.definition.summary?.(this.#parameters()) ?? nothing}
      ${this.definition.filters.length > 0 ? this.#renderFilters() : nothing}
      <div class="list" aria-busy=${this.busy}>${this.#renderState()}</div>`;
  }

  #renderFilters() {
    return html`<search class="filters" aria-label=${msg('Filters')}>
      ${this.definition.filters.map((filter) => this.#renderFilter(filter))}
      ${
        this.#isFiltered()
          ? html`<wa-button appearance="plain" size="s" @click=${this.#clear}>
              ${msg('Clear filters')}
            </wa-button>`
          : nothing
      }
    </search>`;
  }

  #renderFilter(filter: Filter) {
    const { name, label, type, options = this.options[filter.name] ?? [] } = filter;
    const value = this.#params.get(name) ?? '';
    const id = `filter-${name}`;
    return html`<div class="field ${type}">
      <label for=${id}>${label}</label>
      ${
        type === 'select'
          ? html`<select
              id=${id}
              @change=${(event: Event) =>
                this.#filter(name, (event.target as HTMLSelectElement).value)}
            >
              <option value="" .selected=${live(value === '')}>${msg('All')}</option>
              ${options.map(
                (option) =>
                  html`<option value=${option.value} .selected=${live(option.value === value)}>
                    ${option.label}
                  </option>`,
              )}
            </select>`
          : html`<input
              id=${id}
              type=${type}
              min=${type === 'number' ? '0' : nothing}
              .value=${live(value)}
              autocomplete="off"
              @input=${(event: Event) => {
                const typed = (event.target as HTMLInputElement).value;
                clearTimeout(this.#typing);
                this.#typing = setTimeout(() => this.#filter(name, typed), TYPING_MS);
              }}
            />`
      }
    </div>`;
  }

  #renderState(): TemplateResult {
    const { state } = this;
    if (state.name === 'loading') return this.#renderLoading();
    if (state.name === 'failed') return this.#renderFailed(state.text);
    const { items, cursor } = state.answer;
    if (items.length === 0) return this.#renderEmpty();
    return html`${listTable({
      definition: this.definition,
      items,
      order: this.#params.get('sort') ?? '',
      sort: (order) => this.#filter('sort', order),
      reload: () => void this.reload(),
    })}
    ${this.#renderPaging(items.length, cursor)}`;
  }

  #renderLoading() {
    return html`<div class="skeleton" role="status">
      <span class="visually-hidden">${msg('Loading…')}</span>
      ${[1, 2, 3, 4, 5, 6].map(() => html`<span class="bar"></span>`)}
    </div>`;
  }

  #renderFailed(text: string) {
    return html`<div class="message" role="alert">
      <wa-icon name="warning"></wa-icon>
      <p>${text}</p>
      <wa-button @click=${() => this.reload()}>${msg('Try again')}</wa-button>
    </div>`;
  }

  #renderEmpty() {
    const { empty } = this.definition;
    if (this.#isFiltered()) {
      return html`<div class="message">
        <wa-icon name="search"></wa-icon>
        <h2>${msg('Nothing matches these filters')}</h2>
        <wa-button @click=${this.#clear}>${msg('Show everything')}</wa-button>
      </div>`;
    }
    return html`<div class="message">
      <wa-icon name="empty"></wa-icon>
      <h2>${empty.title}</h2>
      <p class="quiet">${empty.text}</p>
    </div>`;
  }

  #renderPaging(count: number, cursor: string | null) {
    const isFirst = !this.#params.has('cursor');
    if (isFirst && cursor === null) {
      return html`<p class="count quiet">
        ${count === 1 ? msg('1 entry') : msg(str`${count} entries`)}
      </p>`;
    }
    return html`<nav class="paging" aria-label=${msg('Pages')}>
      <wa-button
        appearance="outlined"
        ?disabled=${isFirst}
        @click=${() => this.#show({ cursor: '' })}
      >
        ${msg('First page')}
      </wa-button>
      <wa-button
        appearance="outlined"
        ?disabled=${cursor === null}
        @click=${() => this.#show({ cursor: cursor ?? '' })}
      >
        ${msg('Next page')}<wa-icon slot="end" name="chevron-right"></wa-icon>
      </wa-button>
    </nav>`;
  }

  #isFiltered(): boolean {
    const params = this.#params;
    return this.definition.filters.some(({ name }) => params.get(name));
  }

  #filter(name: string, value: string): void {
    // A cursor belongs to one order and one set of filters.
    this.#show({ [name]: value, cursor: '' }, { replace: true });
  }

  readonly #clear = (): void => {
    const cleared = this.definition.filters.map(({ name }) => [name, '']);
    this.#show({ ...Object.fromEntries(cleared), cursor: '' });
  };

  #show(change: Readonly<Record<string, string>>, options?: { readonly replace: boolean }): void {
    const params = this.#params;
    for (const [name, value] of Object.entries(change)) {
      if (value) params.set(name, value);
      else params.delete(name);
    }
    const text = params.toString();
    this.context.go(`${location.pathname}${text && `?${text}`}`, options);
    if ('cursor' in change && change['cursor']) this.heading.focus();
  }
}
