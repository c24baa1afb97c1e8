import type { CaptureKind } from './capture-error.ts';

const key = (kind: CaptureKind) => `rtc-desk:${kind}`;

/** Which camera and microphone this person chose last, for the next call on this origin. */
export class ChosenDevices {
  readonly #memory = new Map<CaptureKind, string>();

  /** '' where nothing was chosen. */
  read(kind: CaptureKind): string {
    try {
      return this.#memory.get(kind) ?? localStorage.getItem(key(kind)) ?? '';
    } catch {
      // Storage is blocked for this page: nothing was kept from an earlier one.
      return '';
    }
  }

  keep(kind: CaptureKind, deviceId: string): void {
    this.#memory.set(kind, deviceId);
    try {
      localStorage.setItem(key(kind), deviceId);
    } catch {
      // Blocked or full: the choice holds for as long as this page.
    }
  }
}
