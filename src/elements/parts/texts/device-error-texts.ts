import { msg } from '@lit/localize';
import type { ErrorCode } from '../../../protocol/errors.ts';

export interface ErrorText {
  /** What happened, in one sentence. */
  readonly text: string;
  /** What the person can do about it; '' for nothing. */
  readonly hint: string;
  /** Another try does not help. */
  readonly final?: boolean;
}

export const say = (text: string, hint = ''): ErrorText => ({ text, hint });

/** What a browser, its devices or its network can lack for a call. */
type DeviceErrorCode = Extract<
  ErrorCode,
  | 'permission-denied'
  | 'no-camera'
  | 'no-microphone'
  | 'device-busy'
  | 'insecure-context'
  | 'unsupported-browser'
  | 'media-failed'
>;

/** The text of such a failure: in a call, in a device test, and in its report. */
export function deviceErrorText(code: DeviceErrorCode): ErrorText {
  switch (code) {
    case 'permission-denied':
      return say(
        msg('The browser does not let this page use the camera or the microphone.'),
        msg('Allow both in the browser’s address bar, then switch them on again.'),
      );
    case 'no-camera':
      return say(msg('No camera was found.'), msg('Connect one, or continue without video.'));
    case 'no-microphone':
      return say(msg('No microphone was found.'), msg('Connect one, or continue by chat.'));
    case 'device-busy':
      return say(
        msg('Another program is using the camera or the microphone.'),
        msg('Close that program, then switch them on again.'),
      );
    case 'insecure-context':
      return say(
        msg('Video calls need a secure page.'),
        msg('Open this page with an address that begins with https.'),
      );
    case 'unsupported-browser':
      return say(
        msg('This browser cannot make video calls.'),
        msg('Use a current Chrome, Edge, Firefox or Safari.'),
      );
    case 'media-failed':
      return say(
        msg('Sound and video could not be connected.'),
        msg('A firewall or VPN may be in the way. Try another network.'),
      );
  }
}
