import { msg } from '@lit/localize';
import { LitElement, html, nothing, svg, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { RecordingStep } from '../../../call/agent-desk-control.ts';
import { LocaleController } from '../../../locales/locale-controller.ts';
import type { LegCallView } from '../../../protocol/views.ts';
import { ask } from '../../parts/events/requests.ts';
import { draw } from '../../parts/icons.ts';

const recordIcon = () =>
  draw(svg`<circle cx="12" cy="12" r="8.5" /><circle cx="12" cy="12" r="4" fill="currentColor" />`);
const stopIcon = () =>
  draw(
    svg`<circle cx="12" cy="12" r="8.5" /><rect x="9" y="9" width="6" height="6" rx="1" fill="currentColor" />`,
  );
const pauseIcon = () => draw(svg`<circle cx="12" cy="12" r="8.5" /><path d="M10 9v6M14 9v6" />`);
const resumeIcon = () =>
  draw(svg`<circle cx="12" cy="12" r="8.5" /><path d="M10.5 8.8v6.4l5-3.2z" />`);

/**
 * The agent's buttons for the recording. They lie in the toolbar of the call, without a shadow root of their own, so that
 * its styles and its arrow keys hold for them.
 */
export class RecordingControls extends LitElement {
  @property({ attribute: false }) call: LegCallView | null = null;

  constructor() {
    super();
    new LocaleController(this);
  }

  protected override createRenderRoot(): HTMLElement {
    // Not by an attribute, which a strict policy forbids.
    this.style.display = 'contents';
    return this;
  }

  protected override render() {
    const { call } = this;
    const record = (disabled: boolean) =>
      this.#button({ step: 'start', name: msg('Record'), icon: recordIcon(), disabled });
    // Where the site always records, the server lets nobody stop.
    const stop = () =>
      call?.recording?.mandatory
        ? nothing
        : this.#button({
            step: 'stop',
            name: msg('Stop recording'),
            icon: stopIcon(),
            active: true,
          });
    switch (call?.recording?.state) {
      case 'asked':
        return record(true);
      case 'recording':
        return [
          this.#button({ step: 'pause', name: msg('Pause recording'), icon: pauseIcon() }),
          stop(),
        ];
      case 'paused':
        return [
          this.#button({ step: 'resume', name: msg('Resume recording'), icon: resumeIcon() }),
          stop(),
        ];
      default:
        return call?.mayRecord ? record(false) : nothing;
    }
  }

  protected override updated(): void {
    // The toolbar marks the buttons that the Tab key reaches.
    const root = this.getRootNode();
    if (root instanceof ShadowRoot) (root.host as LitElement).requestUpdate();
  }

  #button({ step, name, icon, active = false, disabled = false }: RecordingButton) {
    return html`<button
      type="button"
      class=${active ? 'icon-button active' : 'icon-button'}
      data-recording=${step}
      aria-label=${name}
      ?disabled=${disabled}
      @click=${() => ask(this, 'recording-request', { step })}
    >
      ${icon}<span class="tip" aria-hidden="true">${name}</span>
    </button>`;
  }
}

interface RecordingButton {
  readonly step: RecordingStep;
  readonly name: string;
  readonly icon: TemplateResult;
  readonly active?: boolean;
  readonly disabled?: boolean;
}

declare global {
  interface HTMLElementTagNameMap {
    'rtc-recording-controls': RecordingControls;
  }
}
