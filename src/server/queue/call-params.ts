import { RtcDeskError } from '../../protocol/errors.ts';
import { limits } from '../../protocol/limits.ts';

/** Names that would reach into a prototype where somebody copies params carelessly. */
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/** Throws `invalid-params`. Answers with the JSON to store. */
export function paramsJson(params: Readonly<Record<string, string>>): string {
  const entries = Object.entries(params);
  if (entries.length > limits.paramsEntries) {
    throw new RtcDeskError('invalid-params', `More than ${limits.paramsEntries} params.`);
  }
  for (const [name, value] of entries) {
    if (FORBIDDEN.has(name)) throw new RtcDeskError('invalid-params', `A param named ${name}.`);
    if (typeof value !== 'string') throw new RtcDeskError('invalid-params', 'Params are texts.');
    // PostgreSQL's jsonb can hold neither a NUL nor half of a surrogate pair.
    if (![name, value].every((text) => text.isWellFormed() && !text.includes('\0'))) {
      throw new RtcDeskError('invalid-params', 'A param that is no text.');
    }
  }
  const json = JSON.stringify(params);
  if (Buffer.byteLength(json) > limits.paramsBytes) {
    throw new RtcDeskError('invalid-params', `Params over ${limits.paramsBytes} bytes.`);
  }
  return json;
}
