import { msg } from '@lit/localize';
import { LitElement, css, html, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { ErrorCode, LocalMediaSnapshot } from '../../../call/visitor-call-control.ts';
import { LocaleController } from '../../../locales/locale-controller.ts';
import { warningIcon } from '../../parts/icons.ts';
import { theme } from '../../parts/styles/theme.ts';
import { errorText, type ErrorText } from '../../parts/texts/error-text.ts';

type Device = 'camera' | 'microphone';

/** What is wrong with the visitor's devices, and what to do about each. */
export class DeviceNotes extends LitElement {
  static override styles = [
    theme,
    css`
      :host {
        display: block;
      }
      ul {
        display: grid;
        gap: 8px;
        margin: 0;
        padding: 12px 16px;
        border-radius: var(--_radius-small);
        background: var(--_warn-soft);
        font-size: 14px;
        list-style: none;
      }
      li {
        display: flex;
        gap: 8px;
      }
      svg {
        flex: none;
        inline-size: 20px;
        block-size: 20px;
        color: var(--_warn);
      }
      .calm {
        padding-inline-start: 28px;
      }
    `,
  ];

  @property({ reflect: true }) theme: 'light' | 'dark' | 'auto' | null = null;
  @property({ attribute: false }) local: LocalMediaSnapshot | null = null;

  constructor() {
    super();
    new LocaleController(this);
  }

  protected override render() {
    if (!this.local) return nothing;
    const { camera, microphone } = this.local;
    const faults: TemplateResult[] = [];
    if (camera.error && camera.error === microphone.error) {
      faults.push(note(deviceText(camera.error, 'both')));
    } else {
      if (camera.error) faults.push(note(deviceText(camera.error, 'camera')));
      if (microphone.error) faults.push(note(deviceText(microphone.error, 'microphone')));
    }
    return html`<ul>
      ${faults}
      ${
        camera.error && microphone.error
          ? html`<li class="calm">
              <span>${msg('You can also wait without them and use the chat.')}</span>
            </li>`
          : nothing
      }
    </ul>`;
  }
}

const note = ({ text, hint }: ErrorText) =>
  html`<li>${warningIcon()}<span>${text} ${hint}</span></li>`;

function deviceText(code: ErrorCode, device: Device | 'both'): ErrorText {
  if (code === 'permission-denied') {
    return isForbiddenByFrame(device === 'both' ? 'camera' : device)
      ? framedText()
      : deniedText(device);
  }
  return code === 'device-busy' ? busyText(device) : errorText(code);
}

function deniedText(device: Device | 'both'): ErrorText {
  switch (device) {
    case 'camera':
      return {
        text: msg('Your browser does not let this page use the camera.'),
        hint: msg('Allow it in the address bar, then switch the camera on again.'),
      };
    case 'microphone':
      return {
        text: msg('Your browser does not let this page use the microphone.'),
        hint: msg('Allow it in the address bar, then switch the microphone on again.'),
      };
    case 'both':
      return {
        text: msg('Your browser does not let this page use the camera and the microphone.'),
        hint: msg('Allow both in the address bar, then switch them on again.'),
      };
  }
}

function busyText(device: Device | 'both'): ErrorText {
  switch (device) {
    case 'camera':
      return {
        text: msg('Another program is using the camera.'),
        hint: msg('Close that program, then switch the camera on again.'),
      };
    case 'microphone':
      return {
        text: msg('Another program is using the microphone.'),
        hint: msg('Close that program, then switch the microphone on again.'),
      };
    case 'both':
      return {
        text: msg('Another program is using the camera and the microphone.'),
        hint: msg('Close that program, then switch them on again.'),
      };
  }
}

/** The visitor's settings do not help here: the page around the frame decides. */
function framedText(): ErrorText {
  tellOwnerOfFrame();
  return {
    text: msg('This page is part of another page, which does not let it use camera or microphone.'),
    hint: msg('Open this page in a tab of its own.'),
  };
}

/** Only Chromium says whether the frame's `allow` is the reason. */
function isForbiddenByFrame(device: Device): boolean {
  const { featurePolicy } = document as {
    featurePolicy?: { allowsFeature(name: string): boolean };
  };
  return window !== window.top && featurePolicy?.allowsFeature(device) === false;
}

let told = false;

function tellOwnerOfFrame(): void {
  if (told) return;
  told = true;
  console.error(
    'rtc-desk: permission-denied: the frame of this page needs allow="camera; microphone; autoplay; display-capture".',
  );
}

declare global {
  interface HTMLElementTagNameMap {
    'rtc-device-notes': DeviceNotes;
  }
}
