import { msg } from '@lit/localize';
import { LitElement, css, html, nothing, type PropertyValues } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type { DeskRecords, DispositionTree } from '../../../call/agent-desk-control.ts';
import { LocaleController } from '../../../locales/locale-controller.ts';
import type { WrapUpView } from '../../../protocol/views.ts';
import { ask } from '../../parts/events/requests.ts';
import { closeIcon } from '../../parts/icons.ts';
import { buttonStyles } from '../../parts/styles/button-styles.ts';
import { fieldStyles } from '../../parts/styles/field-styles.ts';
import { theme } from '../../parts/styles/theme.ts';
import { deskStyles } from '../desk-styles.ts';
import { labelText } from '../label-text.ts';

/** After so long without a key the note is saved, so that it survives the end of the wrap-up. */
const SAVE_PAUSE_MS = 3_000;

interface Choice {
  readonly code: string;
  /** The labels from the first level down. */
  readonly text: string;
}

type Node = Pick<DispositionTree[number], 'code' | 'label'> & {
  readonly children?: readonly Node[];
};

/** The leaves of the tree in its order. */
export function choicesOf(nodes: readonly Node[], above = ''): Choice[] {
  return nodes.flatMap(({ code, label, children = [] }) => {
    const text = above + labelText(label);
    return children.length > 0 ? choicesOf(children, `${text} › `) : [{ code, text }];
  });
}

/** What the agent writes down about a call: disposition, notes, tags. */
export class WrapUpForm extends LitElement {
  static override styles = [
    theme,
    buttonStyles,
    fieldStyles,
    deskStyles,
    css`
      :host {
        display: grid;
        gap: 16px;
        padding: 16px;
      }
      textarea {
        min-height: 112px;
        resize: vertical;
      }
      .problem {
        color: var(--_danger);
        font-size: 14px;
        line-height: 20px;
      }
      [aria-invalid='true'] {
        border-color: var(--_danger);
      }
      .tags {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
      .chip {
        padding-inline-end: 2px;
      }
      .chip button {
        display: grid;
        place-items: center;
        width: 28px;
        height: 28px;
        padding: 0;
        border: 0;
        border-radius: 50%;
        background: none;
        color: inherit;
        cursor: pointer;
      }
    `,
  ];

  @property() callId = '';
  @property({ attribute: false }) wrapUp!: WrapUpView;
  @property({ attribute: false }) records: DeskRecords | null = null;
  @property({ type: Boolean }) disabled = false;
  /** The wrap-up was to be finished, and the required disposition is missing. */
  @property({ type: Boolean }) missing = false;

  @state() private tree: DispositionTree | null = null;
  @state() private failed = false;
  @query('select') private readonly select!: HTMLSelectElement | null;
  @query('textarea') private readonly note!: HTMLTextAreaElement;
  #pause: ReturnType<typeof setTimeout> | undefined;
  #loadedFor: DeskRecords | null = null;

  constructor() {
    super();
    new LocaleController(this);
  }

  override focus(): void {
    this.select?.focus();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#pause);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('records') || !this.records || this.records === this.#loadedFor) return;
    this.#loadedFor = this.records;
    void this.#load(this.records);
  }

  /** What the server has, also if the agent's choice was refused. */
  protected override updated(): void {
    if (this.select) this.select.value = this.wrapUp.disposition ?? '';
  }

  async #load(records: DeskRecords): Promise<void> {
    this.failed = false;
    try {
      this.tree = await records.readDispositions();
    } catch (error) {
      console.warn('rtc-desk: the dispositions could not be read', error);
      this.failed = true;
    }
  }

  protected override render() {
    const { wrapUp, disabled } = this;
    return html`${this.#disposition()}
      <label class="field">
        <span>${msg('Notes')}</span>
        <textarea
          maxlength="4000"
          ?disabled=${disabled}
          .defaultValue=${wrapUp.note}
          @input=${this.#handleInput}
          @change=${this.#saveNote}
        ></textarea>
      </label>
      <p class="quiet-text">${msg('For your team only. Each saved version is kept.')}</p>
      <form @submit=${this.#addTag}>
        <label class="field">
          <span>${msg('Tags')}</span>
          <input name="tag" maxlength="40" autocomplete="off" ?disabled=${disabled} />
        </label>
      </form>
      ${
        wrapUp.tags.length > 0
          ? html`<ul class="tags" aria-label=${msg('Tags')}>
              ${wrapUp.tags.map(
                (tag) =>
                  html`<li class="chip">
                    ${tag}
                    <button
                      type="button"
                      aria-label=${`${msg('Remove tag')} ${tag}`}
                      ?disabled=${disabled}
                      @click=${() => this.#setTags(wrapUp.tags.filter((other) => other !== tag))}
                    >
                      ${closeIcon()}
                    </button>
                  </li>`,
              )}
            </ul>`
          : nothing
      }`;
  }

  #disposition() {
    const { wrapUp, missing } = this;
    const choices = this.tree && choicesOf(this.tree);
    if (this.failed) {
      return html`<p role="alert">
        ${msg('The dispositions could not be loaded.')}
        <button class="button" @click=${() => this.records && this.#load(this.records)}>
          ${msg('Try again')}
        </button>
      </p>`;
    }
    const isMissing = missing && wrapUp.disposition === null;
    return html`<label class="field">
        <span>
          ${msg('Disposition')}
          ${wrapUp.dispositionRequired ? nothing : html`<small>${msg('(optional)')}</small>`}
        </span>
        <select
          aria-label=${msg('Disposition')}
          aria-required=${wrapUp.dispositionRequired}
          aria-invalid=${isMissing}
          aria-describedby=${isMissing ? 'missing' : nothing}
          ?disabled=${this.disabled || choices === null}
          @change=${this.#choose}
        >
          <option value="">${choices === null ? msg('Loading…') : msg('Choose…')}</option>
          ${(choices ?? []).map(({ code, text }) => html`<option value=${code}>${text}</option>`)}
        </select>
      </label>
      ${
        isMissing
          ? html`<p class="problem" id="missing" role="alert">
              ${msg('Choose a disposition before you finish the wrap-up.')}
            </p>`
          : nothing
      }`;
  }

  #choose(): void {
    ask(this, 'disposition-request', { callId: this.callId, code: this.select?.value || null });
  }

  #handleInput(): void {
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => this.#saveNote(), SAVE_PAUSE_MS);
  }

  #saveNote(): void {
    clearTimeout(this.#pause);
    ask(this, 'note-request', { callId: this.callId, text: this.note.value });
  }

  #addTag(event: SubmitEvent & { currentTarget: HTMLFormElement }): void {
    event.preventDefault();
    const field = event.currentTarget.elements.namedItem('tag') as HTMLInputElement;
    const tag = field.value.trim();
    field.value = '';
    if (tag !== '') this.#setTags([...new Set([...this.wrapUp.tags, tag])]);
  }

  #setTags(tags: readonly string[]): void {
    ask(this, 'tags-request', { callId: this.callId, tags });
  }
}
