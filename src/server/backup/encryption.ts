import {
  createCipheriv,
  createDecipheriv,
  randomBytes,
  scrypt,
  timingSafeEqual,
} from 'node:crypto';
import { Transform } from 'node:stream';
import { promisify } from 'node:util';
import { BackupError } from './backup-error.ts';

/**
 * An encrypted backup:
 *
 *     magic (18 bytes) · salt (16) · iv (12) · check (16) · AES-256-GCM of the archive · tag (16)
 *
 * scrypt makes the key and the check out of the passphrase and the salt. The check tells a wrong passphrase from a
 * damaged file. The tag covers everything.
 */
const MAGIC = Buffer.from('rtc-desk-backup-1\n');
const SALT_BYTES = 16;
const IV_BYTES = 12;
const CHECK_BYTES = 16;
const TAG_BYTES = 16;
const KEY_BYTES = 32;
const HEADER_BYTES = MAGIC.length + SALT_BYTES + IV_BYTES + CHECK_BYTES;
/** Half a second and 128 MB for each guess of a passphrase. */
const SCRYPT = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 2 ** 20 };

const scryptAsync = promisify<string, Buffer, number, typeof SCRYPT, Buffer>(scrypt);

/** Encrypts what is piped through it. */
export async function encrypting(passphrase: string): Promise<Transform> {
  const salt = randomBytes(SALT_BYTES);
  const iv = randomBytes(IV_BYTES);
  const { key, check } = await deriveKeys(passphrase, salt);
  const header = Buffer.concat([MAGIC, salt, iv, check]);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  cipher.setAAD(header);
  const stream = new Transform({
    transform: (chunk: Buffer, _encoding, done) => done(null, cipher.update(chunk)),
    flush: (done) => done(null, Buffer.concat([cipher.final(), cipher.getAuthTag()])),
  });
  stream.push(header);
  return stream;
}

/** Whether a file that begins so is an encrypted backup. `start` has at least `ENCRYPTED_START_BYTES`. */
export function isEncrypted(start: Buffer): boolean {
  return start.subarray(0, MAGIC.length).equals(MAGIC);
}

/** As many bytes of a file are needed to tell what it is, and to decrypt it. */
export const ENCRYPTED_START_BYTES = HEADER_BYTES;

/**
 * Decrypts what comes after the header. Rejects with a BackupError for a wrong passphrase. The stream fails at its end
 * if the file was changed or cut off: what came out of it before must not be used then.
 */
export async function decrypting(passphrase: string, header: Buffer): Promise<Transform> {
  if (header.length < HEADER_BYTES) throw damaged();
  const [salt, iv, check] = splitHeader(header);
  const expected = await deriveKeys(passphrase, salt);
  if (!timingSafeEqual(check, expected.check)) {
    throw new BackupError('The passphrase is wrong.');
  }
  const decipher = createDecipheriv('aes-256-gcm', expected.key, iv);
  decipher.setAAD(header);
  // The last bytes that came: the tag, once the end is there.
  let held: Buffer = Buffer.alloc(0);
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      const all = Buffer.concat([held, chunk]);
      const end = Math.max(0, all.length - TAG_BYTES);
      held = all.subarray(end);
      done(null, decipher.update(all.subarray(0, end)));
    },
    flush: (done) => {
      try {
        decipher.setAuthTag(held);
        done(null, decipher.final());
      } catch (error) {
        done(damaged(error));
      }
    },
  });
}

function damaged(cause?: unknown): BackupError {
  return new BackupError('The backup is damaged: it was changed or cut off.', { cause });
}

function splitHeader(header: Buffer): [salt: Buffer, iv: Buffer, check: Buffer] {
  const ivAt = MAGIC.length + SALT_BYTES;
  return [
    header.subarray(MAGIC.length, ivAt),
    header.subarray(ivAt, ivAt + IV_BYTES),
    header.subarray(ivAt + IV_BYTES, HEADER_BYTES),
  ];
}

async function deriveKeys(
  passphrase: string,
  salt: Buffer,
): Promise<{ readonly key: Buffer; readonly check: Buffer }> {
  const bytes = await scryptAsync(
    passphrase.normalize('NFKC'),
    salt,
    KEY_BYTES + CHECK_BYTES,
    SCRYPT,
  );
  return { key: bytes.subarray(0, KEY_BYTES), check: bytes.subarray(KEY_BYTES) };
}
