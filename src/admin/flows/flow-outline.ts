import { localized, msg, str } from '@lit/localize';
import { LitElement, css, html, nothing } from 'lit';
import { property } from 'lit/decorators.js';
import { exitsOf, nextOf, stepOf } from '../../protocol/flow-graph.ts';
import type { Flow } from '../../protocol/flow.ts';
import { consoleStyles } from '../parts/console-styles.ts';
import { EditorCommandEvent, FlowSelectEvent, commandOf } from './editor-events.ts';
import { outlineOrder } from './outline-order.ts';
import { exitText, shortName, stepName, type FlowNames } from './step-texts.ts';

/** The flow as a list: each step with its exits, in the order in which a visitor meets them. */
@localized()
export class FlowOutline extends LitElement {
  static override styles = [
    consoleStyles,
    css`
      ol,
      ul {
        display: grid;
        gap: 4px;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      ol {
        gap: 10px;
      }
      button {
        width: 100%;
        min-height: 36px;
        padding: 6px 10px;
        border: 1px solid var(--wa-color-surface-border);
        border-radius: 8px;
        background: var(--wa-color-surface-default);
        color: var(--wa-color-text-normal);
        font: inherit;
        text-align: start;
        overflow-wrap: anywhere;
        cursor: pointer;
      }
      button.step {
        font-weight: 650;
      }
      button[aria-pressed='true'] {
        border-color: var(--wa-color-brand-border-loud);
        background: var(--wa-color-brand-fill-quiet);
        color: var(--wa-color-brand-on-quiet);
      }
      li.current > button {
        border-color: var(--wa-color-success-border-loud);
        border-width: 2px;
      }
      ul {
        margin: 4px 0 0 14px;
        padding-inline-start: 8px;
        border-inline-start: 2px solid var(--wa-color-surface-border);
        font-size: 14px;
      }
      ul li {
        padding: 1px 0;
        color: var(--wa-color-text-quiet);
        overflow-wrap: anywhere;
      }
      .fault {
        margin: 4px 0 0 14px;
        color: var(--wa-color-danger-on-quiet);
        font-size: 14px;
      }
    `,
  ];

  @property({ attribute: false }) flow!: Flow;
  @property({ attribute: false }) names!: FlowNames;
  @property({ attribute: false }) selection: readonly string[] = [];
  /** The step at which the trial stands. */
  @property({ attribute: false }) current: string | null = null;
  @property({ attribute: false }) faults: ReadonlyMap<string, string> = new Map();

  /** Gives the button of a step the focus. */
  focusStep(id: string): void {
    this.renderRoot.querySelector<HTMLElement>(`[data-step="${id}"]`)?.focus();
  }

  protected override render() {
    return html`<ol aria-label=${msg('Steps of the flow')} @keydown=${this.#handleKey}>
      ${outlineOrder(this.flow).map((id) => this.#renderStep(id))}
    </ol>`;
  }

  #renderStep(id: string) {
    const { flow, names } = this;
    const step = stepOf(flow, id);
    if (!step) return nothing;
    const fault = this.faults.get(id);
    return html`<li class=${id === this.current ? 'current' : ''}>
      <button
        type="button"
        class="step"
        data-step=${id}
        aria-label=${stepName(flow, id, names)}
        aria-pressed=${this.selection.includes(id)}
        aria-current=${id === this.current ? 'step' : nothing}
        @click=${(event: MouseEvent) => this.#press(event, id)}
      >
        ${shortName(flow, id, names)}
      </button>
      ${fault ? html`<p class="fault">${fault}</p>` : nothing}
      <ul>
        ${exitsOf(step).map((exit) => {
          const to = nextOf(step, exit);
          const target = to === undefined ? msg('nowhere') : shortName(flow, to, names);
          return html`<li>${msg(str`${exitText(step, exit, names)} → ${target}`)}</li>`;
        })}
      </ul>
    </li>`;
  }

  #press({ shiftKey, ctrlKey, metaKey }: MouseEvent, id: string): void {
    const { selection } = this;
    if (!shiftKey && !ctrlKey && !metaKey) {
      this.dispatchEvent(new FlowSelectEvent([id], true));
      return;
    }
    const others = selection.filter((one) => one !== id);
    const isOut = others.length === selection.length;
    this.dispatchEvent(new FlowSelectEvent(isOut ? [...others, id] : others));
  }

  readonly #handleKey = (event: KeyboardEvent): void => {
    const command = commandOf(event);
    if (!command) return;
    event.preventDefault();
    event.stopPropagation();
    const id = (event.target as Element).closest('[data-step]')?.getAttribute('data-step');
    if (id && !this.selection.includes(id) && (command === 'delete' || command === 'copy')) {
      this.dispatchEvent(new FlowSelectEvent([id]));
    }
    this.dispatchEvent(new EditorCommandEvent(command));
  };
}
