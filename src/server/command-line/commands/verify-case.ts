import { readFile } from 'node:fs/promises';
import { Ajv } from 'ajv';
import { Type } from '@sinclair/typebox';
import type { JWK } from 'jose';
import { ed25519PublicKey } from '../../identity/ed25519-key.ts';
import { readStoredKey } from '../../settings/signing-key.ts';
import { CommandError, type LocalCommand } from '../command.ts';

const Key = Type.Object({
  kty: Type.Literal('OKP'),
  crv: Type.Literal('Ed25519'),
  x: Type.String({ pattern: '^[\\w-]{43}$' }),
});
const KeySet = Type.Object({ keys: Type.Array(Key, { minItems: 1 }) });

/** Checks a case file offline. It fails if anything in it was changed. */
export const verifyCaseCommand: LocalCommand = {
  runsIn: 'this-process',
  name: 'verify-case',
  parameters: ['FILE.zip'],
  options: { key: { type: 'string' } },
  optionsUsage: '[--key KEYS]',
  help: [
    'Checks a case file offline: whether a byte of it was changed since the server made it.',
    '--key is the answer of GET /api/v1/signing-keys, as a file or as text. Without it: the key of',
    'the data directory, if this is the server that made the file.',
  ],
  run: async ({ parameters: [file = ''], options: { key }, settings }) => {
    const keys = typeof key === 'string' ? await readKeys(key) : await ownKeys(settings);
    const { verifyCaseFile } = await import('../../case-files/verify-case-file.ts');
    const { problems, manifest } = await verifyCaseFile(file, keys).catch((error: unknown) => {
      throw new CommandError(`${file} cannot be read: ${(error as Error).message}.`, {
        cause: error,
      });
    });
    if (problems.length > 0 || !manifest) {
      process.stdout.write(problems.map((problem) => `${problem}\n`).join(''));
      throw new CommandError(`${file} is not as it was made.`);
    }
    const { call, site, files, madeAt, madeBy } = manifest;
    process.stdout.write(
      `${file} is as it was made: ${files.length} files of the call ${call} of the site ${site}, ` +
        `made at ${new Date(madeAt).toISOString()} by ${madeBy}.\n`,
    );
  },
};

/** A JWK, or a set of them. */
async function readKeys(key: string): Promise<readonly JWK[]> {
  const text = key.trimStart().startsWith('{') ? key : await readKeyFile(key);
  const ajv = new Ajv();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = null;
  }
  if (ajv.validate(KeySet, value)) return (value as { keys: JWK[] }).keys;
  if (ajv.validate(Key, value)) return [value as JWK];
  throw new CommandError(
    '--key holds no public key: give it the answer of GET /api/v1/signing-keys.',
  );
}

async function readKeyFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new CommandError(`${file} cannot be read: ${(error as Error).message}.`, {
      cause: error,
    });
  }
}

async function ownKeys(settings: Parameters<typeof readStoredKey>[0]): Promise<readonly JWK[]> {
  const key = await readStoredKey(settings);
  if (key) return [await ed25519PublicKey(key, 'recording-manifest')];
  throw new CommandError(
    'Name the public key of the server that made the file by --key: it is the answer of GET /api/v1/signing-keys there.',
  );
}
