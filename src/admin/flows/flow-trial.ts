import { localized, msg, str } from '@lit/localize';
import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { stepOf } from '../../protocol/flow-graph.ts';
import type { Flow } from '../../protocol/flow.ts';
import type { FlowTrialResult, TrialInput } from '../../protocol/rest/flows.ts';
import { getLocale } from '../../locales/admin/locales.ts';
import { consoleStyles, fieldStyles } from '../parts/console-styles.ts';
import { textArea } from '../parts/fields.ts';
import { errorText } from '../rest/error-text.ts';
import { RestError } from '../rest/rest-error.ts';
import type { FlowRest } from './flow-rest.ts';
import { oneField } from './forms/step-form-host.ts';
import type { StepAnswerEvent } from './step-frame.ts';
import { exitText, shortName, type FlowNames } from './step-texts.ts';
import { newTrial, trialFields, trialOf, type TrialSettings } from './trial-settings.ts';

/** The trial stands at another step now; null: it is over. */
export class TrialStepEvent extends Event {
  constructor(readonly node: string | null) {
    super('trial-step');
  }
}

/** Walks the document on the screen as a visitor would. The server decides each step; no call is made. */
@localized()
export class FlowTrialPanel extends LitElement {
  static override styles = [
    consoleStyles,
    fieldStyles,
    css`
      :host,
      section,
      .fields {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 14px;
      }
      summary {
        min-height: 36px;
        font-weight: 600;
        cursor: pointer;
      }
      .fields {
        padding: 8px 0;
      }
      .place {
        display: grid;
        gap: 10px;
        padding: 14px;
        border: 1px solid var(--wa-color-surface-border);
        border-radius: 10px;
        background: var(--wa-color-surface-default);
      }
      code {
        overflow-wrap: anywhere;
      }
      ul {
        margin: 0;
        padding-inline-start: 20px;
      }
    `,
  ];

  @property({ attribute: false }) flow!: Flow;
  @property({ attribute: false }) names!: FlowNames;
  @property({ attribute: false }) rest!: FlowRest;

  @state() private settings: TrialSettings = newTrial(getLocale());
  @state() private inputs: readonly TrialInput[] = [];
  @state() private result: FlowTrialResult | null = null;
  @state() private cancelled = false;
  @state() private problem = '';
  /** Why the server refused the last answer of the visitor. */
  @state() private refusal: 'invalid-params' | null = null;
  /** What the service of a request answers. */
  @state() private answer = '{}';
  #attempt = 0;

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>('h2')?.focus();
  }

  protected override updated(changed: PropertyValues): void {
    if (!changed.has('flow') || changed.get('flow') === this.flow) return;
    // Another document: the answers so far may not fit any more.
    void this.#walk([]);
  }

  /** Asks the server where these answers lead. */
  async #walk(inputs: readonly TrialInput[]): Promise<void> {
    const attempt = (this.#attempt += 1);
    this.problem = '';
    this.refusal = null;
    try {
      const trial = { ...trialOf(this.settings), document: this.flow, inputs };
      const result = await this.rest.try(trial);
      if (attempt !== this.#attempt) return;
      this.result = result;
      this.inputs = inputs;
      this.cancelled = false;
      this.dispatchEvent(new TrialStepEvent(result.at.node));
    } catch (error) {
      if (attempt !== this.#attempt) return;
      const isRefused = error instanceof RestError && error.code === 'invalid-params';
      if (isRefused && inputs.length > 0) this.refusal = 'invalid-params';
      else this.problem = errorText(error);
    }
  }

  readonly #change = (settings: TrialSettings): void => {
    this.settings = settings;
    void this.#walk([]);
  };

  readonly #handleAnswer = ({ value }: StepAnswerEvent): void => {
    if (value === undefined) {
      this.cancelled = true;
      this.dispatchEvent(new TrialStepEvent(null));
      return;
    }
    void this.#walk([...this.inputs, { kind: 'answer', value: value as never }]);
  };

  #exit(exit: string, answer?: unknown): void {
    const input = { kind: 'exit', exit, ...(answer !== undefined && { answer }) } as const;
    void this.#walk([...this.inputs, input]);
  }

  protected override render() {
    return html`<section aria-label=${msg('Try it')}>
      <div class="row">
        <h2 tabindex="-1">${msg('Try it')}</h2>
        <wa-button size="s" appearance="outlined" @click=${() => this.#walk([])}>
          ${msg('Begin again')}
        </wa-button>
        <slot></slot>
      </div>
      <p class="hint">${msg('No call is made, and nothing is sent.')}</p>
      <details>
        <summary>${msg('Visitor and time')}</summary>
        ${trialFields(this.flow, this.names, this.settings, this.#change)}
      </details>
      ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
      <div aria-live="polite">${this.#renderPlace()}</div>
      ${this.#renderKnown()}
    </section>`;
  }

  #renderPlace(): TemplateResult | typeof nothing {
    if (this.cancelled) {
      return html`<p class="place">${msg('The visitor gave up. The call ends here.')}</p>`;
    }
    const at = this.result?.at;
    switch (at?.kind) {
      case 'step':
        return html`<rtc-step-frame
          .step=${at.step}
          .language=${this.settings.language}
          .refusal=${this.refusal}
          @step-answer=${this.#handleAnswer}
        ></rtc-step-frame>`;
      case 'request':
        return this.#renderRequest(at);
      case 'queue':
        return this.#renderQueue(at);
      case 'end':
        return this.#renderEnd(at);
      default:
        return nothing;
    }
  }

  #renderRequest({ url, params }: Extract<FlowTrialResult['at'], { kind: 'request' }>) {
    const parsed = parseJson(this.answer);
    const answered = oneField('trial-answer', this.answer, (text) => {
      this.answer = String(text);
    });
    const host = {
      ...answered,
      problems: parsed === undefined ? { 'trial-answer': msg('This is no JSON.') } : {},
    };
    return html`<div class="place">
      <strong>${msg('Here the flow asks your server')}</strong>
      <code>${url}</code>
      <span>${msg('It would send:')} <code>${JSON.stringify(params)}</code></span>
      ${textArea(host, { name: 'trial-answer', label: msg('What the server answers, as JSON') })}
      <div class="row">
        ${this.#exitButton('ok', parsed === undefined, parsed)} ${this.#exitButton('error')}
        ${this.#exitButton('timeout')}
      </div>
    </div>`;
  }

  #renderQueue(at: Extract<FlowTrialResult['at'], { kind: 'queue' }>) {
    const group = this.names.groups.get(at.group) ?? at.group;
    return html`<div class="place">
      <strong>${msg(str`The visitor waits in the queue of ${group}`)}</strong>
      <span>${msg(str`Priority ${at.priority ?? '–'}, at most ${at.timeoutSeconds} seconds`)}</span>
      ${
        at.open
          ? nothing
          : html`<span class="problem">
              ${msg('The group is closed at this time: a call goes on by “Nobody is there”.')}
            </span>`
      }
      <span class="hint">${msg('The flow goes on only if nobody takes the call:')}</span>
      <div class="row">
        ${at.open ? [this.#exitButton('full'), this.#exitButton('timeout')] : nothing}
        ${this.#exitButton('nobody')}
      </div>
    </div>`;
  }

  #renderEnd({ node, reason }: Extract<FlowTrialResult['at'], { kind: 'end' }>) {
    const step = node === null ? undefined : stepOf(this.flow, node);
    const texts = {
      'flow-ended': msg('The flow ends without a call.'),
      'message-left': msg('The flow ends. The visitor left a message.'),
      'callback-requested': msg('The flow ends. The visitor is called back.'),
    };
    return html`<div class="place">
      <strong>${texts[reason]}</strong>
      ${
        step && step.type !== 'end' && node !== null
          ? html`<span class="problem">
              ${msg(str`The exit of “${shortName(this.flow, node, this.names)}” leads nowhere.`)}
            </span>`
          : nothing
      }
    </div>`;
  }

  #exitButton(exit: string, disabled = false, answer?: unknown): TemplateResult {
    const node = this.result?.at.node ?? '';
    const step = stepOf(this.flow, node);
    return html`<wa-button
      size="s"
      appearance="outlined"
      ?disabled=${disabled}
      @click=${() => this.#exit(exit, answer)}
    >
      ${step ? exitText(step, exit, this.names) : exit}
    </wa-button>`;
  }

  /** What the agent would see. */
  #renderKnown() {
    const params = Object.entries(this.result?.params ?? {});
    if (params.length === 0) return nothing;
    return html`<div>
      <strong>${msg('What the agent would see')}</strong>
      <ul>
        ${params.map(([name, value]) => html`<li><code>${name}</code>: ${value}</li>`)}
      </ul>
    </div>`;
  }
}

/** Undefined for a text that is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // the field says so
  }
}
