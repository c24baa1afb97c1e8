import { msg } from '@lit/localize';
import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { LocaleController } from '../../../locales/locale-controller.ts';
import type { ErrorCode } from '../../../protocol/errors.ts';
import type { FlowStepView } from '../../../protocol/flow-step-view.ts';
import { ask } from '../../parts/events/requests.ts';
import { buttonStyles } from '../../parts/styles/button-styles.ts';
import { fieldStyles } from '../../parts/styles/field-styles.ts';
import { theme } from '../../parts/styles/theme.ts';
import { errorText } from '../../parts/texts/error-text.ts';
import { faultOf, fieldsOf, fieldView } from './form-fields.ts';
import { CallChoosingEvent } from './call-choosing-event.ts';
import { flowStepStyles } from './flow-step-styles.ts';

type Answer = string | Record<string, string> | null;

/** The step of a flow at which a call stands: a menu, a message or a form. It is loaded when a flow runs. */
export class FlowStepElement extends LitElement {
  static override styles = [theme, buttonStyles, fieldStyles, flowStepStyles];

  @property({ attribute: false }) step: FlowStepView | null = null;
  @property({ attribute: false }) callId: string | null = null;
  /** Why the last answer was refused. */
  @property({ attribute: false }) refusal: ErrorCode | null = null;
  @property({ reflect: true }) theme: 'light' | 'dark' | 'auto' | null = null;
  /** What is wrong with each field. */
  @state() private faults: Readonly<Record<string, string>> = {};
  /** An answer is on its way. */
  @state() private sent = false;
  @query('h3') private readonly heading!: HTMLElement | null;

  constructor() {
    super();
    new LocaleController(this);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('step') && this.step?.node !== changed.get('step')?.node) {
      this.faults = {};
      this.sent = false;
    }
    if (changed.has('refusal') && this.refusal) this.sent = false;
  }

  protected override updated(changed: PropertyValues<this>): void {
    const { step, callId } = this;
    if (!step || !changed.has('step') || step.node === changed.get('step')?.node) return;
    // A screen reader reads the new step; the keyboard goes on from its beginning.
    this.heading?.focus();
    if (callId !== null) this.dispatchEvent(new CallChoosingEvent({ callId, node: step.node }));
  }

  protected override render() {
    const { step } = this;
    if (!step) return nothing;
    const fields = fieldsOf(step);
    if (fields) {
      return html`<form novalidate aria-labelledby="title" @submit=${this.#submit}>
        ${this.#head()} ${fields.map((field) => fieldView(field, this.faults[field.id] ?? ''))}
        ${this.#foot(this.#continue('submit'))}
      </form>`;
    }
    return html`<div role="group" aria-labelledby="title">
      ${this.#head()} ${this.#body(step)}
      ${this.#foot(
        step.type === 'message' ? this.#continue('button', () => this.#answer('next')) : nothing,
      )}
    </div>`;
  }

  #head(): TemplateResult {
    const { step, refusal } = this;
    const text = step && 'text' in step ? step.text : undefined;
    return html`<h3 id="title" tabindex="-1">${this.#title()}</h3>
      ${text ? html`<p>${text}</p>` : nothing}
      ${refusal ? html`<p class="fault" role="alert">${errorText(refusal).text}</p>` : nothing}`;
  }

  #title(): string {
    const { step } = this;
    if (step && 'title' in step && step.title) return step.title;
    switch (step?.type) {
      case 'leave-message':
        return msg('Leave us a message');
      case 'callback':
        return msg('We’ll call you back');
      case 'wait':
        return msg('Just a moment, please.');
      default:
        return msg('Please read this');
    }
  }

  #body(step: FlowStepView): TemplateResult | typeof nothing {
    if (step.type === 'menu') {
      return html`<div class="options">
        ${step.options.map(
          ({ id, label }) =>
            html`<button
              class="button"
              type="button"
              ?disabled=${this.sent}
              @click=${() => this.#answer(id)}
            >
              ${label}
            </button>`,
        )}
      </div>`;
    }
    if (step.type !== 'message' || step.links.length === 0) return nothing;
    return html`<ul>
      ${step.links.map(
        ({ label, url }) =>
          html`<li><a href=${url} target="_blank" rel="noopener noreferrer">${label}</a></li>`,
      )}
    </ul>`;
  }

  #continue(type: 'submit' | 'button', press?: () => void): TemplateResult {
    return html`<button
      class="button primary"
      type=${type}
      ?disabled=${this.sent}
      @click=${press ?? nothing}
    >
      ${msg('Continue')}
    </button>`;
  }

  #foot(further: TemplateResult | typeof nothing): TemplateResult {
    const skip = this.#skip();
    return html`<footer>
      ${further} ${skip ? this.#other(skip.label, () => this.#answer(skip.value)) : nothing}
      ${this.step?.back ? this.#other(msg('Back'), () => this.#answer(null)) : nothing}
      ${this.#other(msg('Cancel'), () => ask(this, 'hang-up-request'))}
    </footer>`;
  }

  #other(label: string, press: () => void): TemplateResult {
    return html`<button class="button" type="button" @click=${press}>${label}</button>`;
  }

  #skip(): { label: string; value: string } | null {
    const { step } = this;
    if (step?.type === 'callback') return { label: msg('No, thank you'), value: 'refused' };
    const skips = step?.type === 'leave-message' || (step?.type === 'form' && step.optional);
    return skips ? { label: msg('Skip'), value: 'skipped' } : null;
  }

  readonly #submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const fields = (this.step && fieldsOf(this.step)) ?? [];
    const data = new FormData(event.target as HTMLFormElement);
    const valueOf = (id: string): string => {
      const value = data.get(id);
      return typeof value === 'string' ? value.replace(/\r\n?/g, '\n') : '';
    };
    this.faults = Object.fromEntries(
      fields.map((field) => [field.id, faultOf(field, valueOf(field.id))]),
    );
    const wrong = fields.find(({ id }) => this.faults[id]);
    if (!wrong) return this.#answer(Object.fromEntries(fields.map(({ id }) => [id, valueOf(id)])));
    // After the update the field names its fault.
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus(),
    );
  };

  #answer(value: Answer): void {
    if (!this.step || this.sent) return;
    this.sent = true;
    ask(this, 'flow-answer-request', { node: this.step.node, value });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rtc-flow-step': FlowStepElement;
  }
}
