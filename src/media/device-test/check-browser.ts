import type { DeviceCheckResult } from '../../protocol/device-report.ts';
import { failed, passed } from '../device-test-results.ts';

/** What the check looks at, so that a test can give another browser. */
interface BrowserParts {
  readonly isSecureContext: boolean;
  readonly mediaDevices: unknown;
  readonly peerConnection: unknown;
}

const thisBrowser = (): BrowserParts => ({
  isSecureContext: globalThis.isSecureContext,
  mediaDevices: navigator.mediaDevices,
  peerConnection: globalThis.RTCPeerConnection,
});

/** A call needs a secure context, access to devices, and WebRTC. */
export function checkBrowser(parts: BrowserParts = thisBrowser()): DeviceCheckResult {
  if (!parts.isSecureContext) return failed('insecure-context');
  if (!parts.mediaDevices || !parts.peerConnection) return failed('unsupported-browser');
  return passed();
}
