import { localized, msg, str } from '@lit/localize';
import { LitElement, css, html, nothing } from 'lit';
import { property } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import { exitsOf, nextOf, stepOf } from '../../protocol/flow-graph.ts';
import type { Flow, FlowStep } from '../../protocol/flow.ts';
import { consoleStyles, fieldStyles } from '../parts/console-styles.ts';
import { selectField, type Option } from '../parts/fields.ts';
import { changeStep, connect, deleteSteps } from './edit-flow.ts';
import { FlowChangeEvent } from './editor-events.ts';
import { conditionForm } from './forms/condition-form.ts';
import { formForm } from './forms/form-form.ts';
import { menuForm } from './forms/menu-form.ts';
import { messageForm } from './forms/message-form.ts';
import { queueForm } from './forms/queue-form.ts';
import { requestForm } from './forms/request-form.ts';
import { contactForm, hoursForm, setForm } from './forms/small-forms.ts';
import { oneField, type StepFormHost } from './forms/step-form-host.ts';
import { exitText, shortName, typeHint, type FlowNames } from './step-texts.ts';

/** The side panel: the settings of one step, and where its exits lead. */
@localized()
export class StepForm extends LitElement {
  static override styles = [
    consoleStyles,
    fieldStyles,
    css`
      :host,
      .fields {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 16px;
      }
      h3 {
        margin: 0;
        font-size: 17px;
      }
      legend {
        font-size: 15px;
      }
      .entries {
        gap: 12px;
      }
      .entry {
        display: grid;
        gap: 10px;
        padding: 12px;
        border: 1px solid var(--wa-color-surface-border);
        border-radius: 8px;
      }
      .entry .row {
        gap: 0;
      }
      .fault {
        padding: 10px 12px;
        border-radius: 8px;
        background: var(--wa-color-danger-fill-quiet);
        color: var(--wa-color-danger-on-quiet);
        font-size: 14px;
      }
    `,
  ];

  @property({ attribute: false }) flow!: Flow;
  @property({ attribute: false }) step!: string;
  @property({ attribute: false }) names!: FlowNames;
  @property({ attribute: false }) groups: readonly Option[] = [];
  @property({ attribute: false }) hours: readonly Option[] = [];
  /** What is wrong with the step; '' for nothing. */
  @property() fault = '';

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>('h3')?.focus();
  }

  protected override render() {
    const { flow, step: id, names } = this;
    const step = stepOf(flow, id);
    if (!step) return nothing;
    return html`<div>
        <h3 tabindex="-1">${shortName(flow, id, names)}</h3>
        <p class="hint">${typeHint(step.type)}</p>
      </div>
      ${this.fault ? html`<p class="fault">${this.fault}</p>` : nothing}
      ${keyed(id, html`<div class="fields">${this.#form(step)}</div>`)} ${this.#renderExits(step)}
      ${
        id === flow.start
          ? nothing
          : html`<wa-button appearance="outlined" variant="danger" size="s" @click=${this.#delete}>
              <wa-icon slot="start" name="trash"></wa-icon>${msg('Delete step')}
            </wa-button>`
      }`;
  }

  #form(step: FlowStep) {
    switch (step.type) {
      case 'menu':
        return menuForm(this.#host(step));
      case 'message':
        return messageForm(this.#host(step));
      case 'form':
        return formForm(this.#host(step));
      case 'condition':
        return conditionForm(this.#host(step));
      case 'hours':
        return hoursForm(this.#host(step));
      case 'set':
        return setForm(this.#host(step));
      case 'request':
        return requestForm(this.#host(step));
      case 'queue':
        return queueForm(this.#host(step));
      case 'callback':
      case 'leave-message':
        return contactForm(this.#host(step));
      case 'start':
      case 'end':
        return nothing;
    }
  }

  #host<S extends FlowStep>(step: S): StepFormHost<S> {
    const { flow, step: id, groups, hours } = this;
    return {
      step,
      groups,
      hours,
      change: (to, field) => {
        const group = field === undefined ? null : `${id} ${field}`;
        this.dispatchEvent(new FlowChangeEvent(changeStep(flow, id, to), group));
      },
    };
  }

  #renderExits(step: FlowStep) {
    const { flow, step: id, names } = this;
    const exits = exitsOf(step);
    if (exits.length === 0) return nothing;
    const targets: Option[] = [
      { value: '', label: msg('nowhere') },
      ...Object.keys(flow.nodes)
        .filter((to) => to !== flow.start)
        .map((to) => ({ value: to, label: this.#targetName(to) })),
    ];
    return html`<fieldset>
      <legend>${msg('Where the exits lead')}</legend>
      ${exits.map((exit, index) =>
        selectField(
          oneField(`exit-${index}`, nextOf(step, exit) ?? '', (to) =>
            this.dispatchEvent(
              new FlowChangeEvent(connect(flow, id, exit, to === null ? null : String(to))),
            ),
          ),
          {
            name: `exit-${index}`,
            label: msg(str`“${exitText(step, exit, names)}” leads to`),
            options: targets,
          },
        ),
      )}
    </fieldset>`;
  }

  /** With the id if two steps have the same name. */
  #targetName(id: string): string {
    const { flow, names } = this;
    const name = shortName(flow, id, names);
    const isTwice = Object.keys(flow.nodes).some(
      (other) => other !== id && shortName(flow, other, names) === name,
    );
    return isTwice ? `${name} (${id})` : name;
  }

  readonly #delete = (): void => {
    const { flow, step } = this;
    this.dispatchEvent(new FlowChangeEvent(deleteSteps(flow, [step]), null, []));
  };
}
