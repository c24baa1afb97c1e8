/** The agent's buttons for the recording. A chunk of its own, loaded where the call may be recorded. */
import type { LegCallView } from '../../../protocol/views.ts';
import type { CallRoom } from '../../call-room/call-room.ts';
import { RecordingControls } from './recording-controls.ts';

if (!customElements.get('rtc-recording-controls')) {
  customElements.define('rtc-recording-controls', RecordingControls);
}

/** Shows them in the toolbar of the room, before the button that ends the call. Does nothing without a toolbar. */
export function showRecordingControls(room: CallRoom, call: LegCallView): void {
  const bar = room.renderRoot.querySelector('rtc-call-controls')?.renderRoot.querySelector('.bar');
  if (!bar) return;
  const existing = bar.querySelector('rtc-recording-controls');
  const controls = existing ?? document.createElement('rtc-recording-controls');
  controls.call = call;
  if (existing) return;
  const end = bar.querySelector('[data-control=leave]');
  // Lit's own comment before the button belongs to the button.
  const before = end?.previousSibling instanceof Comment ? end.previousSibling : end;
  bar.insertBefore(controls, before ?? null);
}
