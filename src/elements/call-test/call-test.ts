import { msg, str } from '@lit/localize';
import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { createDeviceTest } from '../../call/create-device-test.ts';
import type { DeviceTestControl } from '../../call/device-test/device-test-control.ts';
import { LocaleController } from '../../locales/locale-controller.ts';
import {
  DEVICE_CHECKS,
  type DeviceCheck,
  type DeviceCheckId,
  type DeviceReport,
} from '../../protocol/device-report.ts';
import { StoreController } from '../parts/controllers/store-controller.ts';
import { checkIcon, closeIcon, infoIcon, warningIcon } from '../parts/icons.ts';
import { buttonStyles } from '../parts/styles/button-styles.ts';
import { spinnerStyles } from '../parts/styles/spinner-styles.ts';
import { theme } from '../parts/styles/theme.ts';
import { callTestStyles } from './call-test-styles.ts';
import { checkFigures, checkName, remedy } from '../parts/texts/check-texts.ts';

/** The test is over. */
export class TestEndedEvent extends Event {
  constructor(readonly detail: DeviceReport) {
    super('test-ended', { bubbles: true, composed: true });
  }
}

/**
 * Tests devices and network before a call: what a visitor's browser can do, whether camera, microphone and speaker
 * work, and how good the line is.
 *
 * @element call-test
 * @fires test-ended - All checks are done. `detail` is the report: `{version, at, agent, checks: [{id, status, code,
 *   data}]}`.
 *
 * @cssproperty --rtc-accent - The main button, focus.
 * @cssproperty --rtc-on-accent - Text on the accent.
 * @cssproperty --rtc-surface-raised - The background.
 * @cssproperty --rtc-text - Text.
 * @cssproperty --rtc-text-quiet - Secondary text.
 * @cssproperty --rtc-line - The frame and separating lines.
 * @cssproperty --rtc-ok - Checks that passed.
 * @cssproperty --rtc-warn - Checks with a warning.
 * @cssproperty --rtc-danger - Checks that failed.
 * @cssproperty --rtc-radius - The radius of corners.
 * @cssproperty --rtc-font - The font family.
 */
export class CallTest extends LitElement {
  static override styles = [theme, buttonStyles, spinnerStyles, callTestStyles];
  /** Of elements without a `server`. */
  static defaultServer = '';

  /** The id of the site whose calls are tested. */
  @property() site = '';
  /** The desk's address. Default: where this script comes from. */
  @property() server = '';
  /** The colours: `light`, `dark`, or `auto` for those of the system. Default: those of the page. */
  @property({ reflect: true }) theme: 'light' | 'dark' | 'auto' | null = null;
  /** The test itself. An outer page may bring its own. */
  @property({ attribute: false }) control: DeviceTestControl | null = null;
  /** Sends the report to the agent of the visitor's call. Null: there is no call. */
  @property({ attribute: false }) send: ((report: DeviceReport) => Promise<void>) | null = null;
  @state() private sent: 'sending' | 'yes' | 'no' | null = null;
  @state() private copied: 'yes' | 'no' | null = null;

  readonly #store = new StoreController(this, () => this.control);
  #report: DeviceReport | null = null;

  constructor() {
    super();
    new LocaleController(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.control?.stop();
  }

  /** Runs all checks. Call it within a press. */
  async start(): Promise<void> {
    this.copied = this.sent = null;
    this.control ??= createDeviceTest({
      server: this.server || CallTest.defaultServer,
      site: this.site,
    });
    await this.control.start();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('site') || changed.has('server')) {
      if (this.control && (changed.get('site') || changed.get('server'))) {
        this.control.stop();
        this.control = null;
      }
    }
  }

  protected override updated(): void {
    const { snapshot } = this.#store;
    const video = this.renderRoot.querySelector('video');
    const camera = snapshot?.camera ?? null;
    if (video && video.srcObject !== camera) video.srcObject = camera;
    const report = snapshot?.report ?? null;
    if (report === this.#report) return;
    this.#report = report;
    if (report) this.dispatchEvent(new TestEndedEvent(report));
  }

  protected override render() {
    const snapshot = this.#store.snapshot;
    const state = snapshot?.state ?? 'idle';
    return html`<section aria-labelledby="title">
      <h2 id="title">${msg('Test your devices and connection')}</h2>
      ${
        state === 'idle'
          ? html`<p>
              ${msg('It takes about half a minute. The browser asks for camera and microphone, and plays a tone. Nobody sees or hears you.')}
            </p>`
          : html`<p role="status">${this.#summary()}</p>
              <ul>
                ${DEVICE_CHECKS.map((id) => this.#row(id))}
              </ul>`
      }
      <footer>${this.#actions(state)}</footer>
    </section>`;
  }

  #summary(): string {
    const snapshot = this.#store.snapshot;
    const checks = snapshot?.checks ?? [];
    if (snapshot?.state !== 'ended') {
      const current = snapshot?.current;
      return current ? msg(str`Testing: ${checkName(current)} …`) : '';
    }
    const count = (status: DeviceCheck['status']) =>
      checks.filter((check) => check.status === status).length;
    if (count('failed') > 0) return msg('Something needs to be fixed before you can call.');
    if (count('warning') > 0) return msg('You can call, but the quality could be better.');
    return msg('Everything works. You are ready to call.');
  }

  #row(id: DeviceCheckId): TemplateResult {
    const snapshot = this.#store.snapshot;
    const check = snapshot?.checks.find((one) => one.id === id);
    const runs = snapshot?.current === id;
    return html`<li aria-current=${runs ? 'step' : nothing}>
      ${
        check
          ? statusIcon(check)
          : runs
            ? html`<span aria-hidden="true"><span class="spinner"></span></span>`
            : html`<span class="dot" aria-hidden="true"></span>`
      }
      <span>${checkName(id)}</span>
      <span class="figures">${check ? checkFigures(check) : nothing}</span>
      ${runs && !check ? this.#underWay(id) : nothing} ${check?.code ? advice(check.code) : nothing}
    </li>`;
  }

  /** What the person sees and does while a check runs. */
  #underWay(id: DeviceCheckId): TemplateResult | typeof nothing {
    const snapshot = this.#store.snapshot;
    switch (id) {
      case 'camera':
        return html`<div>
          <video autoplay muted playsinline aria-label=${msg('The picture of your camera')}></video>
        </div>`;
      case 'microphone':
        return html`<div>
          <p id="speak">${msg('Say something.')}</p>
          <meter min="0" max="1" .value=${snapshot?.level ?? 0} aria-labelledby="speak"></meter>
        </div>`;
      case 'speaker':
        return snapshot?.state === 'asking'
          ? html`<div class="question">
              <p>${msg('Did you hear a tone?')}</p>
              <button class="button" type="button" @click=${() => this.control?.answer(true)}>
                ${msg('I heard it')}
              </button>
              <button class="button" type="button" @click=${() => this.control?.answer(false)}>
                ${msg('I heard nothing')}
              </button>
              <button class="button" type="button" @click=${() => this.control?.repeatTone()}>
                ${msg('Play it again')}
              </button>
            </div>`
          : html`<div><p>${msg('Listen for a tone.')}</p></div>`;
      default:
        return nothing;
    }
  }

  #actions(state: 'idle' | 'running' | 'asking' | 'ended'): TemplateResult {
    if (state === 'running' || state === 'asking') {
      return html`<button class="button" type="button" @click=${() => this.control?.stop()}>
        ${msg('Stop the test')}
      </button>`;
    }
    return html`<button class="button primary" type="button" @click=${() => void this.start()}>
        ${state === 'idle' ? msg('Start the test') : msg('Test again')}
      </button>
      ${
        state === 'ended' && this.send
          ? html`<button
                class="button"
                type="button"
                ?disabled=${this.sent === 'sending' || this.sent === 'yes'}
                @click=${this.#sendReport}
              >
                ${msg('Send the report to the agent')}
              </button>
              <span class="quiet" role="status">${this.#sentText()}</span>`
          : nothing
      }
      ${
        state === 'ended'
          ? html`<button class="button" type="button" @click=${this.#copy}>
                ${msg('Copy the report')}
              </button>
              <span class="quiet" role="status">${this.#copyText()}</span>`
          : nothing
      }`;
  }

  #sentText(): string {
    if (this.sent === 'yes') return msg('Sent. The agent sees it with your call.');
    return this.sent === 'no' ? msg('It could not be sent. Is your call still open?') : '';
  }

  readonly #sendReport = async (): Promise<void> => {
    this.sent = 'sending';
    try {
      await this.send!(this.#report!);
      this.sent = 'yes';
    } catch {
      this.sent = 'no';
    }
  };

  #copyText(): string {
    switch (this.copied) {
      case 'yes':
        return msg('Copied.');
      case 'no':
        return msg('The browser does not let this page copy.');
      case null:
        return '';
    }
  }

  readonly #copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(JSON.stringify(this.#report, null, 2));
      this.copied = 'yes';
    } catch {
      this.copied = 'no';
    }
  };
}

function statusIcon({ status }: DeviceCheck): TemplateResult {
  switch (status) {
    case 'passed':
      return html`<span class=${status} role="img" aria-label=${msg('Passed')}
        >${checkIcon()}</span
      >`;
    case 'warning':
      return html`<span class=${status} role="img" aria-label=${msg('Warning')}>
        ${warningIcon()}
      </span>`;
    case 'failed':
      return html`<span class=${status} role="img" aria-label=${msg('Failed')}
        >${closeIcon()}</span
      >`;
    case 'skipped':
      return html`<span class=${status} role="img" aria-label=${msg('Not tested')}>
        ${infoIcon()}
      </span>`;
  }
}

function advice(code: string): TemplateResult {
  const { text, hint } = remedy(code);
  return html`<div>${text} ${hint}</div>`;
}

declare global {
  interface GlobalEventHandlersEventMap {
    'test-ended': TestEndedEvent;
  }
  interface HTMLElementTagNameMap {
    'call-test': CallTest;
  }
}
