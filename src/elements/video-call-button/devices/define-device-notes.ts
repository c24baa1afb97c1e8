import { html, nothing, type TemplateResult } from 'lit';
import type { VisitorCallSnapshot } from '../../../call/visitor-call-control.ts';
import { DeviceNotes } from './device-notes.ts';
import { openDeviceTest, type Desk } from './open-device-test.ts';

// A page may load two versions of the script: the class that came first stays.
if (!customElements.get('rtc-device-notes')) {
  customElements.define('rtc-device-notes', DeviceNotes);
}

interface NotesPanel {
  readonly button: Desk | null;
  readonly lang: string;
  readonly theme: string | null;
}

/** The notes in the panel, with the way to the device test, whose report goes to the call. */
export const draw = (
  { local, key, callId }: VisitorCallSnapshot,
  { button, lang, theme }: NotesPanel,
): TemplateResult =>
  html`<rtc-device-notes
    .local=${local}
    .openTest=${
      button && key !== null && callId !== null ? () => openDeviceTest(button, key) : null
    }
    lang=${lang || nothing}
    theme=${theme ?? nothing}
  ></rtc-device-notes>`;
