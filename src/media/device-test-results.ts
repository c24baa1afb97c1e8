import type { DeviceCheckData, DeviceCheckResult } from '../protocol/device-report.ts';

export const passed = (data: DeviceCheckData = {}): DeviceCheckResult => ({
  status: 'passed',
  code: null,
  data,
});
export const warning = (code: string, data: DeviceCheckData = {}): DeviceCheckResult => ({
  status: 'warning',
  code,
  data,
});
export const failed = (code: string | null, data: DeviceCheckData = {}): DeviceCheckResult => ({
  status: 'failed',
  code,
  data,
});
export const skipped = (code: string): DeviceCheckResult => ({ status: 'skipped', code, data: {} });
