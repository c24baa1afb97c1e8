import { RtcDeskError } from '../../protocol/errors.ts';
import { limits } from '../../protocol/limits.ts';
import { isPlainText } from '../database/storable-text.ts';

/** Names that reach into a prototype where params are copied carelessly. */
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/** The JSON to store. Throws `invalid-params`. */
export function paramsJson(params: Readonly<Record<string, string>>): string {
  const entries = Object.entries(params);
  if (entries.length > limits.paramsEntries) {
    throw new RtcDeskError('invalid-params', `More than ${limits.paramsEntries} params.`);
  }
  for (const [name, value] of entries) {
    if (FORBIDDEN.has(name)) throw new RtcDeskError('invalid-params', `A param named ${name}.`);
    if (typeof value !== 'string') throw new RtcDeskError('invalid-params', 'Params are texts.');
    if (!isPlainText(name) || !isPlainText(value)) {
      throw new RtcDeskError('invalid-params', 'A param that is no text.');
    }
  }
  const json = JSON.stringify(params);
  if (Buffer.byteLength(json) > limits.paramsBytes) {
    throw new RtcDeskError('invalid-params', `Params over ${limits.paramsBytes} bytes.`);
  }
  return json;
}
