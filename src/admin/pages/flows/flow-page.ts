import { localized, msg, str } from '@lit/localize';
import { LitElement, css, html, nothing } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type { Flow } from '../../../protocol/flow.ts';
import type { FlowFault, FlowRecord } from '../../../protocol/rest/flows.ts';
import type { Hours } from '../../../protocol/rest/hours.ts';
import type { SkillGroup } from '../../../protocol/rest/skill-groups.ts';
import type { ConsoleContext } from '../../app/console-context.ts';
import { isSame } from '../../flows/editor-state.ts';
import { faultLine, faultText } from '../../flows/fault-texts.ts';
import type {
  EditorFault,
  EditorOrderEvent,
  FlowEditor,
  FlowEditedEvent,
} from '../../flows/flow-editor.ts';
import { FlowRest } from '../../flows/flow-rest.ts';
import type { FlowTrialPanel, TrialStepEvent } from '../../flows/flow-trial.ts';
import { findIncomplete } from '../../flows/incomplete.ts';
import { shortName, type FlowNames } from '../../flows/step-texts.ts';
import type { VersionChosenEvent, VersionsDialog } from '../../flows/versions-dialog.ts';
import type { Conflict, ConflictDecisionEvent } from '../../parts/conflict-dialog.ts';
import { consoleStyles, fieldStyles } from '../../parts/console-styles.ts';
import { textField } from '../../parts/fields.ts';
import { oneField } from '../../flows/forms/step-form-host.ts';
import { errorText } from '../../rest/error-text.ts';
import type { Versioned } from '../../rest/rest-client.ts';
import { RestError } from '../../rest/rest-error.ts';
import { loadAll } from '../load-all.ts';
import { flowConflict, mergeDrafts, type Draft } from './flow-conflict.ts';
import { exportFlow, readFlowFile } from './flow-file.ts';
import { publishedText } from './flow-list.ts';

/** The page of one flow: the editor with its draft, and what the server does with it. */
@localized()
export class FlowPage extends LitElement {
  static override styles = [
    consoleStyles,
    fieldStyles,
    css`
      .page-head {
        margin-bottom: 8px;
      }
      .name {
        flex: 1 1 260px;
        max-width: 420px;
      }
      .problem {
        margin-bottom: 12px;
      }
    `,
  ];

  @property({ attribute: false }) context!: ConsoleContext;
  /** The id of the flow. */
  @property({ attribute: false }) key!: string;

  @state() private phase: 'loading' | 'failed' | 'ready' = 'loading';
  @state() private problem = '';
  /** As the server has it. */
  @state() private saved!: Versioned<FlowRecord>;
  @state() private name = '';
  /** The document with which the editor begins. */
  @state() private opened!: Flow;
  @state() private flow!: Flow;
  @state() private groups: readonly SkillGroup[] = [];
  @state() private hours: readonly Hours[] = [];
  @state() private faults: readonly EditorFault[] = [];
  @state() private busy = false;
  @state() private trying = false;
  @state() private current: string | null = null;
  @state() private conflict: Conflict | null = null;

  @query('rtc-flow-editor') private readonly editor!: FlowEditor;
  @query('rtc-versions-dialog') private readonly dialog!: VersionsDialog;
  @query('rtc-flow-trial') private readonly trial!: FlowTrialPanel | null;
  @query('input[type=file]') private readonly file!: HTMLInputElement;

  #rest!: FlowRest;
  #newer: Versioned<FlowRecord> | null = null;
  readonly #stop = new AbortController();

  override connectedCallback(): void {
    super.connectedCallback();
    this.#rest = new FlowRest(this.context.rest, this.key);
    void this.#load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop.abort();
    this.context.setUnsaved(false);
  }

  async #load(): Promise<void> {
    this.phase = 'loading';
    const { rest } = this.context;
    const { signal } = this.#stop;
    try {
      const [read, groups, hours] = await Promise.all([
        this.#rest.read(signal),
        loadAll<SkillGroup>(rest, '/groups', {}, signal),
        loadAll<Hours>(rest, '/hours', {}, signal),
      ]);
      if (signal.aborted) return;
      Object.assign(this, { groups, hours });
      this.#open(read);
      this.phase = 'ready';
    } catch (error) {
      if (signal.aborted) return;
      this.problem = errorText(error);
      this.phase = 'failed';
    }
  }

  /** Begins anew with what the server has. */
  #open(read: Versioned<FlowRecord>): void {
    this.saved = read;
    this.name = read.body.name;
    this.opened = read.body.document;
    this.flow = this.opened;
    this.#noteChange();
  }

  get #isChanged(): boolean {
    const { name, document } = this.saved.body;
    return this.name !== name || !isSame(this.flow, document);
  }

  #noteChange(): void {
    this.context.setUnsaved(this.#isChanged);
  }

  get #names(): FlowNames {
    const names = (rows: readonly { readonly id: string; readonly name: string }[]) =>
      new Map(rows.map(({ id, name }) => [id, name]));
    return { groups: names(this.groups), hours: names(this.hours) };
  }

  protected override render() {
    if (this.phase === 'loading') {
      return html`<div role="status">
        <wa-spinner></wa-spinner><span class="visually-hidden">${msg('Loading…')}</span>
      </div>`;
    }
    if (this.phase === 'failed') {
      return html`<h1>${msg('Flows')}</h1>
        <p role="alert">${this.problem}</p>
        <wa-button @click=${() => this.#load()}>${msg('Try again')}</wa-button>`;
    }
    const mayPublish = this.context.session.may.publish !== 'none';
    const { body } = this.saved;
    return html`${this.#renderHead(body)}
      ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
      <rtc-flow-editor
        .document=${this.opened}
        .names=${this.#names}
        .groups=${this.groups.map(asOption)}
        .hours=${this.hours.map(asOption)}
        .faults=${this.faults}
        .current=${this.trying ? this.current : null}
        ?trying=${this.trying}
        ?changed=${this.#isChanged}
        ?busy=${this.busy}
        ?may-publish=${mayPublish}
        @flow-edited=${this.#handleEdit}
        @editor-order=${this.#handleOrder}
      >
        ${this.trying ? this.#renderTrial() : nothing}
      </rtc-flow-editor>
      <rtc-versions-dialog
        .rest=${this.#rest}
        .names=${this.#names}
        .draft=${this.flow}
        .published=${body.publishedVersion}
        ?may-publish=${mayPublish}
        @version-chosen=${this.#handleVersion}
      ></rtc-versions-dialog>
      <rtc-conflict-dialog
        .conflict=${this.conflict}
        @conflict-decision=${this.#handleDecision}
      ></rtc-conflict-dialog>`;
  }

  #renderHead(body: FlowRecord) {
    const button = (label: string, press: () => void) =>
      html`<wa-button appearance="outlined" size="s" @click=${press}>${label}</wa-button>`;
    return html`<div class="page-head">
      <div>
        <h1>${body.name}</h1>
        <p class="quiet">
          ${msg(str`Published: ${publishedText(body)}`)}
          ${this.#isChanged ? html` · ${msg('Not saved yet')}` : nothing}
        </p>
      </div>
      <div class="name">
        ${textField(
          oneField('name', this.name, (name) => {
            this.name = String(name);
            this.#noteChange();
          }),
          { name: 'name', label: msg('Name'), maxLength: 80 },
        )}
      </div>
      <div class="row">
        ${button(msg('Versions'), () => void this.dialog.show())}
        ${button(msg('Export'), () => exportFlow(this.key, { name: this.name, document: this.flow }))}
        ${button(msg('Import'), () => this.file.click())}
        <input
          type="file"
          hidden
          accept=".json,application/json"
          aria-label=${msg('File of a flow')}
          @change=${this.#import}
        />
      </div>
    </div>`;
  }

  #renderTrial() {
    return html`<rtc-flow-trial
      slot="trial"
      .flow=${this.flow}
      .names=${this.#names}
      .rest=${this.#rest}
      @trial-step=${(event: TrialStepEvent) => (this.current = event.node)}
    >
      <wa-button size="s" appearance="outlined" @click=${() => (this.trying = false)}>
        ${msg('Stop')}
      </wa-button>
    </rtc-flow-trial>`;
  }

  readonly #handleEdit = ({ flow }: FlowEditedEvent): void => {
    this.flow = flow;
    this.faults = [];
    this.#noteChange();
  };

  readonly #handleOrder = ({ order }: EditorOrderEvent): void => {
    switch (order) {
      case 'try':
        void this.#try();
        return;
      case 'check':
        void this.#during(() => this.#check());
        return;
      case 'save':
        void this.#during(() => this.#save());
        return;
      case 'publish':
        void this.#during(() => this.#publish());
    }
  };

  /** One thing at a time. What fails is told on the page. */
  async #during(action: () => Promise<unknown>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.problem = '';
    try {
      await action();
    } catch (error) {
      this.problem = errorText(error);
    }
    this.busy = false;
  }

  /** Whether everything is there that the server needs to take the document. Shows what is missing. */
  #isComplete(): boolean {
    const { flow } = this;
    const names = this.#names;
    this.faults = findIncomplete(flow).map(({ node, text }) => ({
      node,
      text,
      line: `${shortName(flow, node, names)} – ${text}`,
    }));
    if (this.name.trim() === '') {
      const text = msg('Enter a name.');
      this.faults = [{ node: null, text, line: text }, ...this.faults];
    }
    return this.faults.length === 0;
  }

  async #check(): Promise<boolean> {
    if (!this.#isComplete()) return false;
    const found = await this.#rest.check(this.flow);
    this.#showFaults(found);
    if (found.length === 0) this.context.notify(msg('No fault. The flow can be published.'));
    return found.length === 0;
  }

  #showFaults(found: readonly FlowFault[]): void {
    const { flow } = this;
    const names = this.#names;
    this.faults = found.map((fault) => ({
      node: fault.node,
      text: faultText(flow, fault, names),
      line: faultLine(flow, fault, names),
    }));
  }

  /** Resolves to whether the draft on the server is the one on the screen. */
  async #save(): Promise<boolean> {
    if (!this.#isComplete()) return false;
    try {
      const { flow, name } = this;
      this.saved = await this.#rest.save(name.trim(), flow, this.saved.etag);
      this.name = this.saved.body.name;
      this.#noteChange();
      this.context.notify(msg('The draft is saved.'));
      return true;
    } catch (error) {
      if (!(error instanceof RestError) || !error.isOutdated) throw error;
      return this.#meetNewer();
    }
  }

  /** Somebody else has changed the flow. What concerns the draft is for the person to decide. */
  async #meetNewer(): Promise<boolean> {
    const newer = await this.#rest.read(this.#stop.signal);
    const conflict = flowConflict(this.saved.body, this.#draft, newer.body, this.#names);
    if (conflict) {
      this.#newer = newer;
      this.conflict = conflict;
      return false;
    }
    // It was published or made the default: the draft is the same.
    this.saved = newer;
    return this.#save();
  }

  get #draft(): Draft {
    return { name: this.name, document: this.flow };
  }

  readonly #handleDecision = ({ decision }: ConflictDecisionEvent): void => {
    const newer = this.#newer;
    this.conflict = null;
    this.#newer = null;
    if (!newer || decision === 'later') return;
    const merged =
      decision === 'merge' ? mergeDrafts(this.saved.body, this.#draft, newer.body) : null;
    this.#open(newer);
    if (!merged) return;
    this.name = merged.name;
    void this.updateComplete.then(() => this.editor.replace(merged.document));
  };

  async #publish(): Promise<void> {
    if (!(await this.#check())) return;
    if (this.#isChanged && !(await this.#save())) return;
    const confirmed = await this.context.confirm({
      title: msg(str`Publish ${this.name}?`),
      text: msg('New calls begin with this version at once. Calls under way go on with theirs.'),
      action: msg('Publish'),
    });
    if (!confirmed) return;
    const version = await this.#rest.publish(this.saved.etag);
    await this.#refresh();
    this.context.notify(msg(str`Version ${version} is published.`));
  }

  /** Reads what is published now. The draft on the screen stays. */
  async #refresh(): Promise<void> {
    this.saved = await this.#rest.read(this.#stop.signal);
    this.#noteChange();
  }

  readonly #handleVersion = ({ use, version, document }: VersionChosenEvent): void => {
    this.dialog.close();
    if (use === 'edit') {
      this.editor.replace(document);
      this.context.notify(msg(str`Version ${version} is in the draft. Undo takes it back.`));
      return;
    }
    void this.#during(async () => {
      const confirmed = await this.context.confirm({
        title: msg(str`Roll back to version ${version}?`),
        text: msg('New calls begin with this version at once. The draft stays as it is.'),
        action: msg('Roll back'),
      });
      if (!confirmed) return;
      await this.#rest.rollBack(version, this.saved.etag);
      await this.#refresh();
      this.context.notify(msg(str`Version ${version} is published again.`));
    });
  };

  async #try(): Promise<void> {
    if (!this.#isComplete()) return;
    this.trying = true;
    await this.updateComplete;
    await this.trial?.updateComplete;
    this.trial?.focus();
  }

  readonly #import = async (): Promise<void> => {
    const [file] = this.file.files ?? [];
    if (!file) return;
    const text = await file.text();
    this.file.value = '';
    await this.#during(async () => {
      const flow = readFlowFile(text);
      try {
        if (!flow) throw new RestError('bad-message', 'The file is no flow.', 400);
        // The server knows the form of a flow exactly.
        this.#showFaults(await this.#rest.check(flow));
        this.editor.replace(flow);
        this.context.notify(msg('The file is in the draft. Undo takes it back.'));
      } catch (error) {
        if (!(error instanceof RestError) || error.code !== 'bad-message') throw error;
        this.problem = msg(str`“${file.name}” is no flow. Nothing was changed.`);
      }
    });
  };
}

const asOption = ({ id, name }: { readonly id: string; readonly name: string }) => ({
  value: id,
  label: name,
});
