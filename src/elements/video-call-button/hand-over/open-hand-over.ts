import type { VisitorCallControl } from '../../../call/visitor-call-control.ts';
import type { CallPanel } from '../panel/call-panel.ts';
import { HandOverDialog } from './hand-over-dialog.ts';

// A page may load two versions of the script: the class that came first stays.
if (!customElements.get('rtc-hand-over-dialog')) {
  customElements.define('rtc-hand-over-dialog', HandOverDialog);
}

/** The button whose call goes to the phone. */
interface Button {
  readonly serverAddress: string;
  readonly camera: 'user' | 'environment';
}

/** Shows a code with which the visitor continues on a phone. */
export function openHandOver(
  call: VisitorCallControl,
  panel: CallPanel,
  { serverAddress, camera }: Button,
): void {
  const place = panel.renderRoot;
  // A second press finds it open.
  if (place.querySelector('rtc-hand-over-dialog')) return;
  const dialog = document.createElement('rtc-hand-over-dialog');
  dialog.lang = panel.lang;
  dialog.theme = panel.theme;
  dialog.call = call;
  dialog.server = serverAddress;
  dialog.camera = camera;
  place.append(dialog);
}
