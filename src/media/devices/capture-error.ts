import { RtcDeskError, type ErrorCode } from '../../protocol/errors.ts';

/** What can be asked of a person's devices. */
export type CaptureKind = 'camera' | 'microphone';

/**
 * What getUserMedia said (https://w3c.github.io/mediacapture-main/#dom-mediadevices-getusermedia), as a code of
 * the contract. AbortError is what browsers say when the hardware fails for a reason of its own.
 */
export function captureErrorCode(error: unknown, kind: CaptureKind): ErrorCode {
  if (error instanceof RtcDeskError) return error.code;
  switch ((error as { name?: unknown } | null)?.name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'permission-denied';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return kind === 'camera' ? 'no-camera' : 'no-microphone';
    case 'NotReadableError':
    case 'AbortError':
      return 'device-busy';
    default:
      return 'media-failed';
  }
}

/** The devices' door, or why this page has none. */
export function requireMediaDevices(devices: MediaDevices | undefined | null): MediaDevices {
  if (devices) return devices;
  throw new RtcDeskError(isSecureContext ? 'unsupported-browser' : 'insecure-context');
}
