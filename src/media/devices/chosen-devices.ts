import type { CaptureKind } from './capture-error.ts';

const key = (kind: CaptureKind) => `rtc-desk:${kind}`;

/** The camera and microphone that this person chose last, for the next call on this origin. */
export class ChosenDevices {
  readonly #memory = new Map<CaptureKind, string>();

  /** Returns '' where nothing was chosen. */
  read(kind: CaptureKind): string {
    try {
      return this.#memory.get(kind) ?? localStorage.getItem(key(kind)) ?? '';
    } catch {
      // Storage is blocked for this page.
      return '';
    }
  }

  write(kind: CaptureKind, deviceId: string): void {
    this.#memory.set(kind, deviceId);
    try {
      localStorage.setItem(key(kind), deviceId);
    } catch {
      // Blocked or full: the choice lasts as long as this page.
    }
  }
}
