import { msg } from '@lit/localize';
import { LitElement, css, html, nothing } from 'lit';
import { property } from 'lit/decorators.js';
import { LocaleController } from '../../../locales/locale-controller.ts';
import { placePopover } from '../../parts/controllers/popover-button.ts';
import { baseStyles } from '../../parts/styles/base-styles.ts';
import { popoverStyles } from '../../parts/styles/popover-styles.ts';
import type { ToolContext } from '../tools/tool-context.ts';
import { zoomRange } from './camera-capabilities.ts';
import { setZoom } from './camera-tools.ts';

/** The zoom of this person's own camera. */
export class CameraZoom extends LitElement {
  static override styles = [
    baseStyles,
    popoverStyles,
    css`
      :host {
        width: min(320px, 100vw - 16px);
        box-sizing: border-box;
      }
      label {
        display: grid;
        gap: 8px;
        font-weight: 600;
      }
      input {
        inline-size: 100%;
        block-size: 44px;
        margin: 0;
        accent-color: var(--_accent);
      }
    `,
  ];

  @property({ attribute: false }) track: MediaStreamTrack | null = null;

  constructor() {
    super();
    new LocaleController(this);
  }

  override focus(): void {
    this.renderRoot.querySelector('input')?.focus();
  }

  protected override render() {
    const range = this.track && zoomRange(this.track);
    if (!range) return nothing;
    return html`<label
      ><span>${msg('My camera’s zoom')}</span>
      <input
        type="range"
        min=${range.min}
        max=${range.max}
        step=${range.step}
        .value=${String(range.now)}
        @input=${this.#handleInput}
      />
    </label>`;
  }

  readonly #handleInput = ({ target }: Event): void => {
    setZoom(this.track!, Number((target as HTMLInputElement).value)).catch((error: unknown) => {
      // The camera keeps its zoom.
      console.warn('rtc-desk', error);
    });
  };
}

if (!customElements.get('rtc-camera-zoom')) customElements.define('rtc-camera-zoom', CameraZoom);

/** Opens the zoom beside the button More. */
export async function openCameraZoom({ host, snapshot, button }: ToolContext): Promise<void> {
  const zoom = document.createElement('rtc-camera-zoom');
  zoom.popover = 'auto';
  zoom.role = 'dialog';
  zoom.ariaLabel = msg('My camera’s zoom');
  zoom.track = snapshot.local.camera.track;
  const close = () => zoom.hidePopover();
  window.addEventListener('resize', close);
  zoom.addEventListener('toggle', (event) => {
    if (event.newState === 'open') return;
    window.removeEventListener('resize', close);
    // The browser does not return the focus to a button in a shadow root.
    if (document.activeElement === document.body || zoom.matches(':focus-within')) button?.focus();
    zoom.remove();
  });
  host.renderRoot.querySelector('.view')!.append(zoom);
  await zoom.updateComplete;
  zoom.showPopover();
  placePopover(zoom, button ?? host);
  zoom.focus();
}

declare global {
  interface HTMLElementTagNameMap {
    'rtc-camera-zoom': CameraZoom;
  }
}
