import { localized, msg } from '@lit/localize';
import { LitElement, css, html, type PropertyValues } from 'lit';
import { property, query } from 'lit/decorators.js';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { FlowStepView } from '../../protocol/flow-step-view.ts';
import type { StepFrameAnswer, StepFrameOrder } from '../preview/step-frame-messages.ts';

/** The visitor's answer to the step. `undefined`: the visitor gives up. */
export class StepAnswerEvent extends Event {
  constructor(readonly value: string | Readonly<Record<string, string>> | null | undefined) {
    super('step-answer');
  }
}

/** A step of a flow in a frame, as the visitor's panel shows it. */
@localized()
export class StepFrame extends LitElement {
  static override styles = css`
    iframe {
      width: 100%;
      height: 420px;
      border: 1px solid var(--wa-color-surface-border);
      border-radius: 12px;
    }
  `;

  @property({ attribute: false }) step!: FlowStepView;
  /** The visitor's. */
  @property() language = 'en';
  @property({ attribute: false }) refusal: ErrorCode | null = null;

  @query('iframe') private readonly frame!: HTMLIFrameElement;
  #isReady = false;

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('message', this.#handleMessage);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('message', this.#handleMessage);
    this.#isReady = false;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('step') || changed.has('language') || changed.has('refusal')) this.#send();
  }

  protected override render() {
    return html`<iframe src="/admin-flow-step" title=${msg('What the visitor sees')}></iframe>`;
  }

  #send(): void {
    if (!this.#isReady) return;
    const { step, language, refusal } = this;
    const isDark = document.documentElement.classList.contains('wa-dark');
    const order: StepFrameOrder = { step, language, refusal, theme: isDark ? 'dark' : 'light' };
    this.frame.contentWindow?.postMessage(order, location.origin);
  }

  readonly #handleMessage = ({ data, origin, source }: MessageEvent<StepFrameAnswer>): void => {
    if (origin !== location.origin || source !== this.frame?.contentWindow) return;
    if (data.type === 'ready') {
      this.#isReady = true;
      this.#send();
    } else {
      this.dispatchEvent(new StepAnswerEvent(data.type === 'answer' ? data.value : undefined));
    }
  };
}
