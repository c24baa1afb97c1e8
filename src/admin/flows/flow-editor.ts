import { localized, msg, str } from '@lit/localize';
import { LitElement, html, type PropertyValues } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { exitsOf, nextOf, stepOf } from '../../protocol/flow-graph.ts';
import { MAX_DRAFT_STEPS } from '../../protocol/flow-limits.ts';
import type { Flow, StepType } from '../../protocol/flow.ts';
import { consoleStyles } from '../parts/console-styles.ts';
import type { Option } from '../parts/fields.ts';
import { arrange, isArranged } from './arrange.ts';
import {
  addStep,
  connect,
  copySteps,
  deleteSteps,
  freeStepId,
  newStep,
  pasteSteps,
  readCopied,
} from './edit-flow.ts';
import type {
  EditorCommand,
  EditorCommandEvent,
  FlowChangeEvent,
  FlowSelectEvent,
} from './editor-events.ts';
import {
  edit,
  openEditor,
  openStep,
  redo,
  select,
  undo,
  type EditorState,
} from './editor-state.ts';
import { editorStyles } from './editor-styles.ts';
import { editorToolbar, type EditorOrder } from './editor-toolbar.ts';
import { faultsList, type EditorFault } from './faults-list.ts';
import type { FlowDrawing } from './flow-drawing.ts';
import type { FlowOutline } from './flow-outline.ts';
import { boxOf, STEP_WIDTH } from './geometry.ts';
import { keysHelp } from './keys-help.ts';
import type { StepForm } from './step-form.ts';
import type { FlowNames } from './step-texts.ts';

/** Steps that were copied. In the browser's storage, so that they can be pasted into another flow. */
const CLIPBOARD = 'rtc-desk-flow-steps';
/** Free space between a step and one that is added after it. */
const GAP = 96;

/** The person wants something that needs the server. */
export class EditorOrderEvent extends Event {
  constructor(readonly order: EditorOrder) {
    super('editor-order');
  }
}

/** The flow on the screen is another one now. */
export class FlowEditedEvent extends Event {
  constructor(readonly flow: Flow) {
    super('flow-edited');
  }
}

/** The editor of a flow: outline, drawing and the settings of a step. It keeps the history; the page saves. */
@localized()
export class FlowEditor extends LitElement {
  static override styles = [consoleStyles, editorStyles];

  /** The document to begin with. Another one begins a new history. */
  @property({ attribute: false }) document!: Flow;
  @property({ attribute: false }) names!: FlowNames;
  @property({ attribute: false }) groups: readonly Option[] = [];
  @property({ attribute: false }) hours: readonly Option[] = [];
  @property({ attribute: false }) faults: readonly EditorFault[] = [];
  /** The step at which the trial stands. */
  @property({ attribute: false }) current: string | null = null;
  /** The slot `trial` is in the place of the step's settings. */
  @property({ type: Boolean }) trying = false;
  @property({ type: Boolean }) changed = false;
  @property({ type: Boolean }) busy = false;
  @property({ type: Boolean, attribute: 'may-publish' }) mayPublish = false;

  @state() private state!: EditorState;
  /** What a narrow page shows. */
  @state() private pane: 'outline' | 'drawing' = 'outline';

  @query('rtc-flow-drawing') private readonly drawing!: FlowDrawing;
  @query('rtc-flow-outline') private readonly outline!: FlowOutline;
  @query('rtc-step-form') private readonly form!: StepForm | null;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('document')) return;
    const { document } = this;
    this.state = openEditor(isArranged(document) ? document : arrange(document));
  }

  get flow(): Flow {
    return this.state.flow;
  }

  /** Puts another document in the place of the present one. It can be undone. */
  replace(flow: Flow): void {
    this.#set(edit(this.state, isArranged(flow) ? flow : arrange(flow)));
  }

  /** Shows a step with its settings, and gives them the focus. */
  async goTo(id: string): Promise<void> {
    this.#set(select(this.state, [id]));
    this.drawing.reveal(id);
    await this.updateComplete;
    await this.form?.updateComplete;
    this.form?.focus();
  }

  #set(state: EditorState): void {
    const isEdited = state.flow !== this.state.flow;
    this.state = state;
    if (isEdited) this.dispatchEvent(new FlowEditedEvent(state.flow));
  }

  protected override render() {
    const { names, current } = this;
    const { flow, selection } = this.state;
    const faults = new Map<string, string>();
    for (const { node, text } of this.faults) {
      if (node !== null) faults.set(node, [faults.get(node), text].filter(Boolean).join(' '));
    }
    return html`<section
      class="editor"
      aria-label=${msg('Flow editor')}
      @flow-change=${this.#handleChange}
      @flow-select=${this.#handleSelect}
      @editor-command=${(event: EditorCommandEvent) => this.#run(event.command)}
    >
      ${this.#renderToolbar()} ${faultsList(this.faults, (id) => void this.goTo(id))}
      <div class="panes shows-${this.pane}">
        <div class="outline">
          <h2>${msg('Outline')}</h2>
          <rtc-flow-outline
            .flow=${flow}
            .names=${names}
            .selection=${selection}
            .current=${current}
            .faults=${faults}
          ></rtc-flow-outline>
        </div>
        <div class="middle">
          <rtc-flow-drawing
            .flow=${flow}
            .names=${names}
            .selection=${selection}
            .current=${current}
            .faults=${faults}
          ></rtc-flow-drawing>
          ${keysHelp()}
        </div>
        <div class="side">${this.#renderSide(faults)}</div>
      </div>
    </section>`;
  }

  #renderToolbar() {
    const { past, future } = this.state;
    const isDrawing = this.pane === 'drawing';
    return editorToolbar({
      canUndo: past.length > 0,
      canRedo: future.length > 0,
      changed: this.changed,
      busy: this.busy,
      mayPublish: this.mayPublish,
      isDrawing,
      add: (type) => this.#add(type),
      run: (command) => this.#run(command),
      arrange: this.#arrange,
      showPane: () => (this.pane = isDrawing ? 'outline' : 'drawing'),
      order: (order) => this.dispatchEvent(new EditorOrderEvent(order)),
    });
  }

  #renderSide(faults: ReadonlyMap<string, string>) {
    if (this.trying) return html`<slot name="trial"></slot>`;
    const { flow, selection } = this.state;
    const step = openStep(this.state);
    if (step !== null) {
      return html`<h2>${msg('Settings of the step')}</h2>
        <rtc-step-form
          .flow=${flow}
          .step=${step}
          .names=${this.names}
          .groups=${this.groups}
          .hours=${this.hours}
          fault=${faults.get(step) ?? ''}
        ></rtc-step-form>`;
    }
    if (selection.length === 0) {
      return html`<p class="quiet">
        ${msg('Choose a step in the outline or in the drawing to see its settings.')}
      </p>`;
    }
    return html`<h2>${msg(str`${selection.length} steps are selected`)}</h2>
      <div class="row">
        <wa-button size="s" appearance="outlined" @click=${() => this.#run('copy')}>
          ${msg('Copy')}
        </wa-button>
        <wa-button
          size="s"
          appearance="outlined"
          variant="danger"
          @click=${() => this.#run('delete')}
        >
          ${msg('Delete')}
        </wa-button>
      </div>`;
  }

  readonly #handleChange = ({ flow, group, selection }: FlowChangeEvent): void => {
    const state = edit(this.state, flow, group);
    this.#set(selection ? select(state, selection) : state);
  };

  readonly #handleSelect = ({ ids, open }: FlowSelectEvent): void => {
    const [id] = ids;
    if (open && ids.length === 1 && id !== undefined) void this.goTo(id);
    else this.#set(select(this.state, ids));
  };

  #run(command: EditorCommand): void {
    const { state } = this;
    const { flow, selection } = state;
    switch (command) {
      case 'undo':
        return this.#set(undo(state));
      case 'redo':
        return this.#set(redo(state));
      case 'select-all':
        return this.#set(select(state, Object.keys(flow.nodes)));
      case 'copy':
        return localStorage.setItem(CLIPBOARD, JSON.stringify(copySteps(flow, selection)));
      case 'paste':
        return this.#paste();
      case 'delete':
        void this.#delete(selection);
        return;
      case 'save':
        this.dispatchEvent(new EditorOrderEvent('save'));
    }
  }

  #paste(): void {
    const copied = readCopied(localStorage.getItem(CLIPBOARD) ?? '');
    if (!copied) return;
    const { flow, ids } = pasteSteps(this.state.flow, copied);
    if (Object.keys(flow.nodes).length > MAX_DRAFT_STEPS) return;
    this.#set(select(edit(this.state, flow), ids));
  }

  async #delete(ids: readonly string[]): Promise<void> {
    const { flow } = this.state;
    this.#set(select(edit(this.state, deleteSteps(flow, ids)), []));
    await this.updateComplete;
    // The focus was on a step that is gone.
    const back = flow.start;
    if (this.drawing.checkVisibility()) await this.drawing.focusStep(back);
    else this.outline.focusStep(back);
  }

  /** Adds a step after the selected one: its first free exit leads there. */
  #add(type: StepType): void {
    const { state } = this;
    const { flow } = state;
    if (Object.keys(flow.nodes).length >= MAX_DRAFT_STEPS) return;
    const group = this.groups[0]?.value ?? '';
    const hours = this.hours[0]?.value ?? '';
    const id = freeStepId(flow, type);
    const before = state.selection.at(-1) ?? Object.keys(flow.nodes).at(-1) ?? flow.start;
    const { x, y } = boxOf(flow, before);
    const added = addStep(flow, id, newStep(type, { group, hours }), [x + STEP_WIDTH + GAP, y]);
    const step = stepOf(flow, before);
    const exit = step && exitsOf(step).find((one) => nextOf(step, one) === undefined);
    const isAfter = state.selection.length > 0 && exit !== undefined;
    const wired = isAfter ? connect(added, before, exit, id) : added;
    this.#set(edit(state, wired));
    void this.goTo(id);
  }

  readonly #arrange = (): void => {
    this.#set(edit(this.state, arrange(this.state.flow)));
    void this.updateComplete.then(() => this.drawing.fitAll());
  };
}
