import { msg } from '@lit/localize';
import { LitElement, css, html, nothing } from 'lit';
import { property } from 'lit/decorators.js';
import type { DeviceChoice, LocalMediaSnapshot } from '../../../call/room-control.ts';
import { LocaleController } from '../../../locales/locale-controller.ts';
import { ask } from '../../parts/events/requests.ts';
import { baseStyles } from '../../parts/styles/base-styles.ts';
import { fieldStyles } from '../../parts/styles/field-styles.ts';
import { popoverStyles } from '../../parts/styles/popover-styles.ts';

/** The choice of camera, microphone and loudspeaker. A chunk of its own, loaded when it is opened. */
export class DeviceMenu extends LitElement {
  static override styles = [
    baseStyles,
    fieldStyles,
    popoverStyles,
    css`
      :host {
        width: min(320px, 100vw - 16px);
      }
      h2 {
        margin: 0 0 12px;
        font-size: 16px;
      }
      .fields {
        display: grid;
        gap: 12px;
      }
      p {
        margin: 0;
        color: var(--_quiet);
        font-size: 14px;
      }
    `,
  ];

  @property({ attribute: false }) local: LocalMediaSnapshot | null = null;
  /** The speaker that was chosen last; '' is the system's default. */
  #speaker = '';

  constructor() {
    super();
    new LocaleController(this);
  }

  focusFirst(): void {
    this.renderRoot.querySelector('select')?.focus();
  }

  protected override render() {
    const { local } = this;
    if (!local) return nothing;
    const { cameras, microphones, speakers } = local;
    const canChooseSpeaker = 'setSinkId' in HTMLMediaElement.prototype;
    return html`<h2 id="title">${msg('Camera and sound')}</h2>
      <div class="fields">
        ${this.#field(msg('Camera'), cameras, deviceInUse(local, 'camera'), (deviceId) =>
          ask(this, 'use-camera-request', { deviceId }),
        )}
        ${this.#field(
          msg('Microphone'),
          microphones,
          deviceInUse(local, 'microphone'),
          (deviceId) => ask(this, 'use-microphone-request', { deviceId }),
        )}
        ${
          canChooseSpeaker && speakers.length
            ? this.#field(msg('Speaker'), speakers, this.#speaker, (deviceId) => {
                this.#speaker = deviceId;
                ask(this, 'use-speaker-request', { deviceId });
              })
            : nothing
        }
      </div>`;
  }

  #field(
    name: string,
    devices: readonly DeviceChoice[],
    current: string,
    choose: (deviceId: string) => void,
  ) {
    if (!devices.length) return html`<p>${name}: ${msg('none found')}</p>`;
    const handleChange = ({ target }: Event) => choose((target as HTMLSelectElement).value);
    return html`<label class="field"
      ><span>${name}</span>
      <select @change=${handleChange}>
        ${devices.map(
          ({ deviceId, label }, index) =>
            html`<option value=${deviceId} ?selected=${deviceId === current}>
              ${label || `${name} ${index + 1}`}
            </option>`,
        )}
      </select></label
    >`;
  }
}

function deviceInUse(local: LocalMediaSnapshot, source: 'camera' | 'microphone'): string {
  return local[source].deviceId || (local[source].track?.getSettings().deviceId ?? '');
}

declare global {
  interface HTMLElementTagNameMap {
    'rtc-device-menu': DeviceMenu;
  }
}
