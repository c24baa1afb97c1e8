import { RtcDeskError } from '../../call/error.ts';
import { limits } from '../../call/limits.ts';
import type { CallRequest } from '../../call/visitor-call-control.ts';
import { languageOf } from './button-texts.ts';
import type { VideoCallButton } from './video-call-button.ts';

/** The longest value taken from the page's address: what a stranger's link says must not stop the call. */
const URL_VALUE_LENGTH = 256;

/** What a press of this button hands on. Throws `invalid-params`. */
export function callWish(button: VideoCallButton): CallRequest {
  const { skill, identity, visitorName } = button;
  const name = visitorName.trim().slice(0, limits.nameLength);
  return {
    ...(skill && { skill }),
    ...(identity && { identity }),
    ...(name && { name }),
    params: checkedParams({
      ...paramsOfAddress(button.paramsFromUrl, location.search),
      ...(button.params as unknown as object),
    }),
    language: languageOf(button),
  };
}

/** The named query parameters that the address has. */
export function paramsOfAddress(names: string, search: string): Record<string, string> {
  const query = new URLSearchParams(search);
  const params: Record<string, string> = {};
  for (const name of names.split(/[\s,]+/).filter(Boolean)) {
    const value = query.get(name);
    if (value) params[name] = value.slice(0, URL_VALUE_LENGTH);
  }
  return params;
}

/** A copy of `params` that the server will take. Throws `invalid-params`, with what is wrong as its message. */
export function checkedParams(params: object): Record<string, string> {
  const entries = Object.entries(params as Record<string, unknown>);
  if (entries.length > limits.paramsEntries) {
    throw new RtcDeskError('invalid-params', `more than ${limits.paramsEntries} params`);
  }
  for (const [name, value] of entries) {
    if (typeof value !== 'string') {
      throw new RtcDeskError('invalid-params', `the param ${name} is no string`);
    }
    if (!name || name.length > 64 || name === '__proto__') {
      throw new RtcDeskError('invalid-params', `a param cannot be named ${name.slice(0, 64)}`);
    }
  }
  const checked = Object.fromEntries(entries) as Record<string, string>;
  if (new TextEncoder().encode(JSON.stringify(checked)).length > limits.paramsBytes) {
    throw new RtcDeskError('invalid-params', `params of more than ${limits.paramsBytes} bytes`);
  }
  return checked;
}
