import { RtcDeskError, type ErrorCode } from '../../protocol/errors.ts';

export type CaptureKind = 'camera' | 'microphone';

/**
 * The code of an error of getUserMedia (https://w3c.github.io/mediacapture-main/#dom-mediadevices-getusermedia).
 * AbortError means that the hardware failed.
 */
export function captureErrorCode(error: unknown, kind: CaptureKind | 'screen'): ErrorCode {
  if (error instanceof RtcDeskError) return error.code;
  switch ((error as { name?: unknown } | null)?.name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'permission-denied';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return kind === 'screen' ? 'media-failed' : `no-${kind}`;
    case 'NotReadableError':
    case 'AbortError':
      return 'device-busy';
    default:
      return 'media-failed';
  }
}

/** Throws `insecure-context` or `unsupported-browser` if this page has no devices. */
export function requireMediaDevices(devices: MediaDevices | undefined | null): MediaDevices {
  if (devices) return devices;
  throw new RtcDeskError(isSecureContext ? 'unsupported-browser' : 'insecure-context');
}
