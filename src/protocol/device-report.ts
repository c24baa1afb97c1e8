/** The report of a device and network test: what a visitor copies. */

/** In the order in which they run. */
export const DEVICE_CHECKS = [
  'browser',
  'camera',
  'microphone',
  'speaker',
  'signaling',
  'turn-udp',
  'turn-tcp',
  'turn-tls',
  'network',
] as const;

export type DeviceCheckId = (typeof DEVICE_CHECKS)[number];

/** Measured values. The names say the unit, as `roundTripMs`. */
export type DeviceCheckData = Readonly<Record<string, string | number | boolean | null>>;

/** `code` says what is wrong, or why a check was skipped; null if it passed. */
export interface DeviceCheckResult {
  readonly status: 'passed' | 'warning' | 'failed' | 'skipped';
  readonly code: string | null;
  readonly data: DeviceCheckData;
}

export interface DeviceCheck extends DeviceCheckResult {
  readonly id: DeviceCheckId;
}

export interface DeviceReport {
  readonly version: 1;
  /** When the test ended, in ms since 1970. */
  readonly at: number;
  /** The browser's user agent. */
  readonly agent: string;
  readonly checks: readonly DeviceCheck[];
}
