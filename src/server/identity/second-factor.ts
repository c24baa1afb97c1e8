import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { deriveKey } from './derive-key.ts';

/** RFC 6238 with what every authenticator app understands: SHA-1, six digits, 30 seconds. */
const PERIOD_SECONDS = 30;
const DIGITS = 6;
/** Codes of the time step before and after count too: clocks differ, and typing takes time. */
const WINDOW_STEPS = 1;
export const APP_CODE = /^\d{6}$/;
const SECRET_BYTES = 20;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A new secret. `uri` is for the QR code of an authenticator app. */
export function makeSecondFactor(siteName: string, username: string) {
  const secret = new Secret({ size: SECRET_BYTES });
  return {
    bytes: Buffer.from(secret.bytes),
    secret: secret.base32,
    uri: totp(secret, siteName, username).toString(),
  };
}

/** The time step to which the code belongs; null: it is wrong. The caller accepts no step twice. */
export function stepOfCode(secretBytes: Uint8Array, code: string): number | null {
  if (!APP_CODE.test(code)) return null;
  const secret = new Secret({ buffer: Uint8Array.from(secretBytes).buffer });
  const now = Date.now();
  const delta = totp(secret).validate({ token: code, timestamp: now, window: WINDOW_STEPS });
  return delta === null ? null : Math.floor(now / 1000 / PERIOD_SECONDS) + delta;
}

/** Encrypts the secret for the database, bound to its agent. */
export function sealSecondFactor(key: Uint8Array, agentId: string, secret: Uint8Array): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', deriveKey(key, 'second-factor'), nonce);
  cipher.setAAD(Buffer.from(agentId));
  const sealed = Buffer.concat([cipher.update(secret), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
}

/** Throws if the server's key is another one, or the bytes are another agent's. */
export function openSecondFactor(key: Uint8Array, agentId: string, stored: Buffer): Buffer {
  const nonce = stored.subarray(0, NONCE_BYTES);
  const tag = stored.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', deriveKey(key, 'second-factor'), nonce);
  decipher.setAAD(Buffer.from(agentId)).setAuthTag(tag);
  const sealed = stored.subarray(NONCE_BYTES + TAG_BYTES);
  return Buffer.concat([decipher.update(sealed), decipher.final()]);
}

function totp(secret: Secret, issuer = '', label = ''): TOTP {
  return new TOTP({ issuer, label, secret, digits: DIGITS, period: PERIOD_SECONDS });
}
