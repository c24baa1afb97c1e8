import { msg } from '@lit/localize';
import { LitElement } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type { Flow } from '../../../protocol/flow.ts';
import type { FlowRecord } from '../../../protocol/rest/flows.ts';
import type { ConsoleContext } from '../../app/console-context.ts';
import { isSame } from '../../flows/editor-state.ts';
import { incompleteFaults, type EditorFault } from '../../flows/faults-list.ts';
import type { FlowEditor, FlowEditedEvent } from '../../flows/flow-editor.ts';
import { FlowRest } from '../../flows/flow-rest.ts';
import type { Conflict, ConflictDecisionEvent } from '../../parts/conflict-dialog.ts';
import { errorText } from '../../rest/error-text.ts';
import type { Versioned } from '../../rest/rest-client.ts';
import { RestError } from '../../rest/rest-error.ts';
import { flowConflict, mergeDrafts, type Draft } from './flow-conflict.ts';
import { loadSiteParts, type SiteParts } from './load-site-parts.ts';

/** Loads the draft of one flow and saves it. Changes are never lost without a question. A subclass draws the page. */
export abstract class FlowDraftPage extends LitElement {
  @property({ attribute: false }) context!: ConsoleContext;
  /** The id of the flow. */
  @property({ attribute: false }) key!: string;

  @state() protected phase: 'loading' | 'failed' | 'ready' = 'loading';
  @state() protected problem = '';
  /** As the server has it. */
  @state() protected saved!: Versioned<FlowRecord>;
  @state() protected name = '';
  /** The document with which the editor begins. */
  @state() protected opened!: Flow;
  /** The document on the screen. */
  @state() protected flow!: Flow;
  @state() protected site!: SiteParts;
  @state() protected faults: readonly EditorFault[] = [];
  @state() protected busy = false;
  @state() protected conflict: Conflict | null = null;

  @query('rtc-flow-editor') protected readonly editor!: FlowEditor;

  protected rest!: FlowRest;
  #newer: Versioned<FlowRecord> | null = null;
  readonly #stop = new AbortController();

  override connectedCallback(): void {
    super.connectedCallback();
    this.rest = new FlowRest(this.context.rest, this.key);
    void this.load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop.abort();
    this.context.setUnsaved(false);
  }

  protected async load(): Promise<void> {
    this.phase = 'loading';
    const { rest } = this.context;
    const { signal } = this.#stop;
    try {
      const [read, site] = await Promise.all([this.rest.read(signal), loadSiteParts(rest, signal)]);
      if (signal.aborted) return;
      this.site = site;
      this.#open(read);
      this.phase = 'ready';
    } catch (error) {
      if (signal.aborted) return;
      this.problem = errorText(error);
      this.phase = 'failed';
    }
  }

  /** Replaces the draft on the page with the server's. */
  #open(read: Versioned<FlowRecord>): void {
    this.saved = read;
    this.name = read.body.name;
    this.opened = read.body.document;
    this.flow = this.opened;
    this.noteChange();
  }

  protected get isChanged(): boolean {
    const { name, document } = this.saved.body;
    return this.name !== name || !isSame(this.flow, document);
  }

  protected noteChange(): void {
    this.context.setUnsaved(this.isChanged);
  }

  /** One thing at a time. What fails is told on the page. */
  protected async during(action: () => Promise<unknown>): Promise<void> {
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
  protected isComplete(): boolean {
    this.faults = incompleteFaults(this.flow, this.name, this.site.names);
    return this.faults.length === 0;
  }

  protected readonly handleEdit = ({ flow }: FlowEditedEvent): void => {
    this.flow = flow;
    this.faults = [];
    this.noteChange();
  };

  /** Resolves to whether the draft on the server is the one on the screen. */
  protected async save(): Promise<boolean> {
    if (!this.isComplete()) return false;
    try {
      const { flow, name } = this;
      this.saved = await this.rest.save(name.trim(), flow, this.saved.etag);
      this.name = this.saved.body.name;
      this.noteChange();
      this.context.notify(msg('The draft is saved.'));
      return true;
    } catch (error) {
      if (!(error instanceof RestError) || !error.isOutdated) throw error;
      return this.#meetNewer();
    }
  }

  /** Somebody else has changed the flow. What concerns the draft is for the person to decide. */
  async #meetNewer(): Promise<boolean> {
    const newer = await this.rest.read(this.#stop.signal);
    const conflict = flowConflict(this.saved.body, this.draft, newer.body, this.site.names);
    if (conflict) {
      this.#newer = newer;
      this.conflict = conflict;
      return false;
    }
    // It was published or made the default: the draft is the same.
    this.saved = newer;
    return this.save();
  }

  protected get draft(): Draft {
    return { name: this.name, document: this.flow };
  }

  protected readonly handleDecision = ({ decision }: ConflictDecisionEvent): void => {
    const newer = this.#newer;
    this.conflict = null;
    this.#newer = null;
    if (!newer || decision === 'later') return;
    const merged =
      decision === 'merge' ? mergeDrafts(this.saved.body, this.draft, newer.body) : null;
    this.#open(newer);
    if (!merged) return;
    this.name = merged.name;
    void this.updateComplete.then(() => this.editor.replace(merged.document));
  };

  /** Reads what is published now. The draft on the screen stays. */
  protected async refresh(): Promise<void> {
    this.saved = await this.rest.read(this.#stop.signal);
    this.noteChange();
  }
}
