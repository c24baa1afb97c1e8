import { localized, msg, str } from '@lit/localize';
import { LitElement, css, html, nothing } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { Flow } from '../../protocol/flow.ts';
import type { FlowVersionSummary } from '../../protocol/rest/flows.ts';
import { consoleStyles, fieldStyles } from '../parts/console-styles.ts';
import { selectField, type Option } from '../parts/fields.ts';
import { dateTimeText } from '../parts/time-texts.ts';
import { errorText } from '../rest/error-text.ts';
import { compareInWords, type StepDifference } from './compare-texts.ts';
import type { FlowRest } from './flow-rest.ts';
import { oneField } from './forms/step-form-host.ts';
import type { FlowNames } from './step-texts.ts';

/** The person chose a version: to publish it again, or to put it into the draft. */
export class VersionChosenEvent extends Event {
  constructor(
    readonly use: 'roll-back' | 'edit',
    readonly version: number,
    readonly document: Flow,
  ) {
    super('version-chosen');
  }
}

/** The draft among the versions to compare. */
const DRAFT = 'draft';

/** What was published when and by whom; two versions compared in words; an earlier version published again. */
@localized()
export class VersionsDialog extends LitElement {
  static override styles = [
    consoleStyles,
    fieldStyles,
    css`
      wa-dialog {
        --width: min(92vw, 760px);
      }
      ol,
      ul {
        display: grid;
        gap: 8px;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      ul ul {
        gap: 2px;
        padding-inline-start: 16px;
        font-size: 14px;
      }
      li.version {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        align-items: center;
        justify-content: space-between;
        padding: 8px 12px;
        border: 1px solid var(--wa-color-surface-border);
        border-radius: 8px;
      }
      li {
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property({ attribute: false }) rest!: FlowRest;
  @property({ attribute: false }) names!: FlowNames;
  /** The document on the screen. */
  @property({ attribute: false }) draft!: Flow;
  /** With which new calls begin; null: none. */
  @property({ attribute: false }) published: number | null = null;
  @property({ type: Boolean, attribute: 'may-publish' }) mayPublish = false;

  @state() private open = false;
  /** Null: they are not read yet. */
  @state() private versions: readonly FlowVersionSummary[] | null = null;
  @state() private from = '';
  @state() private to = DRAFT;
  @state() private differences: readonly StepDifference[] | null = null;
  @state() private problem = '';

  async show(): Promise<void> {
    this.open = true;
    this.problem = '';
    this.differences = null;
    this.versions = null;
    try {
      const versions = await this.rest.versions();
      this.versions = versions;
      this.from = String(this.published ?? versions[0]?.version ?? DRAFT);
      this.to = DRAFT;
      if (versions.length > 0) await this.#compare();
    } catch (error) {
      this.problem = errorText(error);
    }
  }

  close(): void {
    this.open = false;
  }

  #documentOf(version: string): Promise<Flow> {
    return version === DRAFT ? Promise.resolve(this.draft) : this.rest.version(Number(version));
  }

  async #compare(): Promise<void> {
    const { from, to } = this;
    try {
      const [before, after] = await Promise.all([this.#documentOf(from), this.#documentOf(to)]);
      if (from !== this.from || to !== this.to) return;
      this.differences = compareInWords(before, after, this.names);
    } catch (error) {
      this.problem = errorText(error);
    }
  }

  async #choose(use: VersionChosenEvent['use'], version: number): Promise<void> {
    try {
      const document = await this.rest.version(version);
      this.dispatchEvent(new VersionChosenEvent(use, version, document));
    } catch (error) {
      this.problem = errorText(error);
    }
  }

  protected override render() {
    return html`<wa-dialog
      label=${msg('Versions')}
      .open=${this.open}
      @wa-after-hide=${(event: Event) => {
        if (event.target === event.currentTarget) this.open = false;
      }}
    >
      ${this.open ? this.#renderBody() : nothing}
    </wa-dialog>`;
  }

  #renderBody() {
    const { versions, problem } = this;
    return html`<div class="stack">
      ${problem ? html`<p class="problem" role="alert">${problem}</p>` : nothing}
      ${versions ? this.#renderVersions(versions) : problem ? nothing : this.#renderLoading()}
    </div>`;
  }

  #renderLoading() {
    return html`<div role="status">
      <wa-spinner></wa-spinner><span class="visually-hidden">${msg('Loading…')}</span>
    </div>`;
  }

  #renderVersions(versions: readonly FlowVersionSummary[]) {
    if (versions.length === 0) return html`<p>${msg('This flow was never published.')}</p>`;
    return html`<ol aria-label=${msg('Published versions')}>
        ${versions.map((version) => this.#renderVersion(version))}
      </ol>
      ${this.#renderComparison(versions)}`;
  }

  #renderVersion({ version, author, publishedAt }: FlowVersionSummary) {
    const isPublished = version === this.published;
    const button = (label: string, press: () => void) =>
      html`<wa-button size="s" appearance="outlined" @click=${press}>
        ${label}<span class="visually-hidden">: ${msg(str`Version ${version}`)}</span>
      </wa-button>`;
    return html`<li class="version">
      <span>
        <strong>${msg(str`Version ${version}`)}</strong>
        ${msg(str`by ${author}, ${dateTimeText(publishedAt)}`)}
        ${isPublished ? html`<wa-badge variant="success">${msg('Published')}</wa-badge>` : nothing}
      </span>
      <span class="row">
        ${button(msg('Put into the draft'), () => void this.#choose('edit', version))}
        ${
          this.mayPublish && !isPublished
            ? button(msg('Roll back to it'), () => void this.#choose('roll-back', version))
            : nothing
        }
      </span>
    </li>`;
  }

  #renderComparison(versions: readonly FlowVersionSummary[]) {
    const options: readonly Option[] = [
      { value: DRAFT, label: msg('The draft') },
      ...versions.map(({ version }) => ({
        value: String(version),
        label: msg(str`Version ${version}`),
      })),
    ];
    const choice = (name: 'from' | 'to', label: string) =>
      selectField(
        oneField(`compare-${name}`, this[name], (value) => {
          this[name] = String(value);
          void this.#compare();
        }),
        { name: `compare-${name}`, label, options },
      );
    return html`<section aria-label=${msg('Comparison')} class="stack">
      <div class="fields">${choice('from', msg('Compare'))} ${choice('to', msg('with'))}</div>
      ${this.#renderDifferences()}
    </section>`;
  }

  #renderDifferences() {
    const { differences } = this;
    if (!differences) return nothing;
    if (differences.length === 0) return html`<p>${msg('There is no difference.')}</p>`;
    const kinds = { added: msg('Added'), removed: msg('Removed'), changed: msg('Changed') };
    return html`<ul>
      ${differences.map(
        ({ kind, step, details }) =>
          html`<li>
            <strong>${kinds[kind]}</strong>: ${step}
            ${
              details.length > 0
                ? html`<ul>
                    ${details.map((detail) => html`<li>${detail}</li>`)}
                  </ul>`
                : nothing
            }
          </li>`,
      )}
    </ul>`;
  }
}
