import { html, nothing, type TemplateResult } from 'lit';
import type { VisitorCallSnapshot } from '../../../call/visitor-call-control.ts';
import { DeviceNotes } from './device-notes.ts';

// A page may load two versions of the script: the class that came first stays.
if (!customElements.get('rtc-device-notes')) {
  customElements.define('rtc-device-notes', DeviceNotes);
}

/** The notes in the panel. */
export const draw = (
  { local }: VisitorCallSnapshot,
  { lang, theme }: { readonly lang: string; readonly theme: string | null },
): TemplateResult =>
  html`<rtc-device-notes
    .local=${local}
    lang=${lang || nothing}
    theme=${theme ?? nothing}
  ></rtc-device-notes>`;
