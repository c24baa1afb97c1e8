import { msg, str, updateWhenLocaleChanges } from '@lit/localize';
import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { AuditPage } from '../../protocol/rest/audit.ts';
import type { ConsoleContext } from '../app/console-context.ts';
import { errorText } from '../rest/error-text.ts';
import type { Versioned } from '../rest/rest-client.ts';
import { RestError } from '../rest/rest-error.ts';
import type { Conflict, ConflictDecisionEvent } from './conflict-dialog.ts';
import { consoleStyles, fieldStyles } from './console-styles.ts';
import type { FieldHost } from './fields.ts';
import { formStyles } from './form-styles.ts';
import { changedNames, compareChanges, mergeChanges, type Values } from './merge-changes.ts';

type Problems = Readonly<Record<string, string>>;

/**
 * A page on which one thing is made or changed. A subclass says how it is read and written, and draws the fields. The
 * base loads, checks, saves, asks before changes are lost, and shows a conflict if somebody else saved first.
 */
export abstract class FormPage<T extends Values> extends LitElement implements FieldHost {
  static override styles = [consoleStyles, fieldStyles, formStyles];

  @property({ attribute: false }) context!: ConsoleContext;
  /** The id of the thing; null for a new one. */
  @property({ attribute: false }) key: string | null = null;

  @state() value!: T;
  @state() problems: Problems = {};
  @state() private phase: 'loading' | 'failed' | 'ready' | 'saving' = 'loading';
  @state() private failure = '';
  @state() private conflict: Conflict | null = null;

  #saved!: T;
  #etag = '';
  /** The newer version, while the conflict is shown. */
  #newer: Versioned<T> | null = null;
  readonly #stop = new AbortController();

  /** The heading of the page. `value` is there. */
  protected abstract readonly heading: string;
  /** The value of a new thing. */
  protected abstract blank(): T;
  protected abstract read(key: string, signal: AbortSignal): Promise<Versioned<T>>;
  /** Makes the new thing. Resolves to the address to go to. */
  protected abstract create(value: T): Promise<string>;
  /** Saves the changed fields of an existing thing under its version. */
  protected abstract write(key: string, changes: Partial<T>, etag: string): Promise<Versioned<T>>;
  protected abstract renderFields(): TemplateResult;
  /** What is wrong with the fields, by their names, before anything is sent. */
  protected abstract check(value: T): Problems;
  /** The label of a field, for the comparison of two versions. */
  protected abstract label(name: string): string;
  /** The field that a refusal of the server concerns. */
  protected fieldOf(_code: string): string | null {
    return null;
  }
  /** `subject` of the thing in the audit log; null: it is a setting of the site itself. */
  protected abstract auditSubject(): string | null;
  /** Buttons beside the heading. */
  protected renderActions(): TemplateResult | typeof nothing {
    return nothing;
  }
  /** Whether the person may only look. */
  protected get readOnly(): boolean {
    return false;
  }
  /** What the page loads besides the thing, such as the names in a choice. */
  protected async readMore(_signal: AbortSignal): Promise<void> {}

  /** The version that the page holds, for actions besides saving. */
  protected get etag(): string {
    return this.#etag;
  }

  constructor() {
    super();
    updateWhenLocaleChanges(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop.abort();
    this.context.setUnsaved(false);
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    if (changed.has('value')) this.context.setUnsaved(this.isChanged);
  }

  protected get isChanged(): boolean {
    return this.value !== undefined && changedNames(this.#saved, this.value).length > 0;
  }

  protected async load(): Promise<void> {
    this.phase = 'loading';
    const { signal } = this.#stop;
    try {
      const [read] = await Promise.all([
        this.key === null ? { body: this.blank(), etag: '' } : this.read(this.key, signal),
        this.readMore(signal),
      ]);
      if (signal.aborted) return;
      this.take(read);
      this.phase = 'ready';
    } catch (error) {
      if (signal.aborted) return;
      this.failure = errorText(error);
      this.phase = 'failed';
    }
  }

  /** Shows a version that the server has. */
  protected take({ body, etag }: Versioned<T>): void {
    this.#saved = body;
    this.#etag = etag;
    this.value = body;
    this.problems = {};
  }

  /** Takes a newer version that this page made beside the form, and keeps what is entered. */
  protected rebase(newer: Versioned<T>): void {
    const merged = mergeChanges(this.#saved, this.value, newer.body);
    this.take(newer);
    this.value = merged;
  }

  change(name: string, value: unknown): void {
    this.value = { ...this.value, [name]: value };
    if (!(name in this.problems)) return;
    const { [name]: _solved, ...others } = this.problems;
    this.problems = others;
  }

  protected override render(): TemplateResult {
    if (this.phase === 'failed') {
      return html`<div class="card stack" role="alert">
        <p>${this.failure}</p>
        <div><wa-button @click=${() => this.load()}>${msg('Try again')}</wa-button></div>
      </div>`;
    }
    if (this.phase === 'loading') {
      return html`<div class="card" role="status">
        <wa-spinner></wa-spinner><span class="visually-hidden">${msg('Loading…')}</span>
      </div>`;
    }
    return html`<div class="page-head">
        <h1>${this.heading}</h1>
        <div class="row">${this.renderActions()}</div>
      </div>
      <form class="stack" novalidate @submit=${this.#handleSubmit}>
        <fieldset class="stack" ?disabled=${this.readOnly}>${this.renderFields()}</fieldset>
        ${this.#renderProblem()} ${this.readOnly ? nothing : this.#renderSave()}
      </form>
      <rtc-conflict-dialog
        .conflict=${this.conflict}
        @conflict-decision=${this.#handleDecision}
      ></rtc-conflict-dialog>`;
  }

  #renderProblem() {
    const count = Object.keys(this.problems).length;
    const text =
      this.problems[''] ??
      (count === 1
        ? msg('One field needs your attention.')
        : msg(str`${count} fields need your attention.`));
    return html`<div role="alert">
      ${
        count > 0
          ? html`<wa-callout variant="danger" size="s">
              <wa-icon slot="icon" name="circle-exclamation"></wa-icon>${text}
            </wa-callout>`
          : nothing
      }
    </div>`;
  }

  #renderSave() {
    const isNew = this.key === null;
    const saving = this.phase === 'saving';
    return html`<div class="save">
      <!-- The Enter key needs a native button. -->
      <button type="submit" hidden></button>
      <wa-button type="submit" variant="brand" ?disabled=${saving || (!isNew && !this.isChanged)}>
        ${saving ? msg('Saving…') : isNew ? msg('Create') : msg('Save')}
      </wa-button>
      ${
        this.isChanged && !isNew
          ? html`<wa-button appearance="outlined" ?disabled=${saving} @click=${this.#discard}>
                ${msg('Discard changes')}
              </wa-button>
              <span class="quiet">${msg('Not saved yet')}</span>`
          : nothing
      }
    </div>`;
  }

  readonly #discard = (): void => {
    this.value = this.#saved;
    this.problems = {};
  };

  async #handleSubmit(event: Event): Promise<void> {
    event.preventDefault();
    if (this.phase === 'saving') return;
    this.problems = this.check(this.value);
    if (Object.keys(this.problems).length > 0) return this.#focusProblem();
    this.phase = 'saving';
    try {
      await this.#save();
    } catch (error) {
      await this.#handleRefusal(error);
    }
    this.phase = 'ready';
  }

  async #save(): Promise<void> {
    if (this.key === null) {
      const path = await this.create(this.value);
      this.context.notify(msg('Created.'));
      this.context.go(path, { replace: true });
      return;
    }
    const names = changedNames(this.#saved, this.value);
    const changes = Object.fromEntries(names.map((name) => [name, this.value[name]]));
    this.take(await this.write(this.key, changes as Partial<T>, this.#etag));
    this.context.notify(msg('Saved.'));
  }

  async #handleRefusal(error: unknown): Promise<void> {
    if (error instanceof RestError && error.isOutdated && this.key !== null) {
      try {
        await this.#showConflict(this.key);
        return;
      } catch (failed) {
        error = failed; // the newer version cannot be read, for example because it has been deleted
      }
    }
    const field = error instanceof RestError ? this.fieldOf(error.code) : null;
    this.problems = { [field ?? '']: errorText(error) };
    await this.#focusProblem();
  }

  async #focusProblem(): Promise<void> {
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }

  async #showConflict(key: string): Promise<void> {
    const newer = await this.read(key, this.#stop.signal);
    const { who, at } = await this.#whoChanged();
    this.#newer = newer;
    const differences = compareChanges(this.#saved, this.value, newer.body).map((difference) => ({
      ...difference,
      label: this.label(difference.name),
    }));
    this.conflict = { who, at, differences };
  }

  /** From the audit log, if this person may read it. */
  async #whoChanged(): Promise<{ who: string | null; at: number | null }> {
    const nobody = { who: null, at: null };
    const subject = this.auditSubject();
    if (this.context.session.may.audit === 'none') return nobody;
    const query = { subject, type: 'configuration-changed', limit: 20 };
    const page = await this.context.rest.get<AuditPage>('/audit', query);
    const row = page.items.find((one) => one.subject === subject);
    return row ? { who: row.actor.name, at: row.at } : nobody;
  }

  readonly #handleDecision = ({ decision }: ConflictDecisionEvent): void => {
    const newer = this.#newer;
    this.conflict = null;
    this.#newer = null;
    if (!newer || decision === 'later') return;
    if (decision === 'merge') this.rebase(newer);
    else this.take(newer);
  };
}
