import { RtcDeskError } from '../../protocol/errors.ts';
import { limits } from '../../protocol/limits.ts';
import { isPlainText } from '../database/storable-text.ts';

/** Names that reach into a prototype if params are copied carelessly. */
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/** The JSON to store. Throws `invalid-params`. */
export function paramsJson(params: Readonly<Record<string, string>>): string {
  const fault = paramsFault(params);
  if (fault) throw fault;
  return JSON.stringify(params);
}

/** `invalid-params` for params that a call cannot have; null for others. */
export function paramsFault(params: Readonly<Record<string, string>>): RtcDeskError | null {
  const fault = (message: string): RtcDeskError => new RtcDeskError('invalid-params', message);
  const entries = Object.entries(params);
  if (entries.length > limits.paramsEntries) {
    return fault(`More than ${limits.paramsEntries} params.`);
  }
  for (const [name, value] of entries) {
    if (FORBIDDEN.has(name)) return fault(`A param named ${name}.`);
    if (typeof value !== 'string') return fault('Params are texts.');
    if (!isPlainText(name) || !isPlainText(value)) return fault('A param that is no text.');
  }
  if (Buffer.byteLength(JSON.stringify(params)) > limits.paramsBytes) {
    return fault(`Params over ${limits.paramsBytes} bytes.`);
  }
  return null;
}
