import {
  readSignedCode,
  signedCode,
  UUID_BYTES,
  uuidFromBytes,
  uuidToBytes,
} from '../identity/signed-code.ts';

/** The code with which a visitor comes back: the id of what was left. It has the form of a resume token (protocol/schema.ts). */
export function callbackCode(key: Uint8Array, id: string): string {
  return signedCode(key, 'callback', uuidToBytes(id));
}

/** The id of the callback that the code opens. Null for another text. */
export function readCallbackCode(key: Uint8Array, code: string): string | null {
  const body = readSignedCode(key, 'callback', UUID_BYTES, code);
  return body && uuidFromBytes(body);
}
