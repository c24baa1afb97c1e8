import type { CallRequest } from '../../call/visitor-call-control.ts';
import { RtcDeskError } from '../../protocol/errors.ts';
import { limits } from '../../protocol/limits.ts';
import { languageOf } from './button-texts.ts';

/** The longest value taken from the page's address, in characters. A stranger's link must not stop the call. */
const MAX_URL_VALUE_LENGTH = 256;
/** The longest name of a param, in characters. */
const MAX_PARAM_NAME_LENGTH = 64;

/** The button's properties that go into a request. */
export interface CallSettings {
  readonly skill: string;
  readonly flow: string;
  readonly identity: string;
  readonly visitorName: string;
  readonly paramsFromUrl: string;
  readonly params: Readonly<Record<string, string>>;
}

/** What a press of this button asks for. Throws `invalid-params`. */
export function makeCallRequest(button: CallSettings & Element): CallRequest {
  const { skill, flow, identity, visitorName } = button;
  const name = visitorName.trim().slice(0, limits.nameLength);
  return {
    ...(skill && { skill }),
    ...(flow && { flow }),
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
    if (value) params[name] = value.slice(0, MAX_URL_VALUE_LENGTH);
  }
  return params;
}

/** Control characters, except newline and tab, and the half of a character that was cut: the server refuses them. */
const UNSENDABLE = /[\0-\x08\v-\x1f]|[\ud800-\udbff]$/g;

/** A copy of `params` that the server accepts, its values without UNSENDABLE. Throws `invalid-params`. */
export function checkedParams(params: object): Record<string, string> {
  const entries = Object.entries(params as Record<string, unknown>);
  const wrong = entries.find(
    ([name, value]) =>
      typeof value !== 'string' ||
      !name ||
      name.length > MAX_PARAM_NAME_LENGTH ||
      name === '__proto__',
  );
  const checked = Object.fromEntries(
    entries.map(([name, value]) => [name, `${value}`.replace(UNSENDABLE, '')]),
  );
  const bytes = new Blob([JSON.stringify(checked)]).size;
  if (wrong || entries.length > limits.paramsEntries || bytes > limits.paramsBytes) {
    throw new RtcDeskError('invalid-params', wrong?.[0]);
  }
  return checked;
}
