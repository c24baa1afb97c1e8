import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Ajv } from 'ajv';
import {
  calculateJwkThumbprint,
  compactVerify,
  decodeProtectedHeader,
  importJWK,
  type JWK,
} from 'jose';
import { openPromise, type Entry, type ZipFile } from 'yauzl';
import { CASE_MANIFEST, CASE_SIGNATURE, CaseManifest } from '../../protocol/rest/case-files.ts';
import { ED25519_ALGORITHM } from '../identity/ed25519-key.ts';
import type { ManifestType } from '../identity/manifest-signature.ts';
import { packZip, type ZipEntry } from './pack-zip.ts';
import { noting } from './write-case-file.ts';

/** Of the manifest and of its signature. The manifest of 100,000 files has some 15 MB. */
const MAX_MANIFEST_BYTES = 64 * 2 ** 20;

export interface CaseCheck {
  /** What is wrong, a sentence each. Empty: the file is as it was made. */
  readonly problems: readonly string[];
  /** Null: it could not be read, or was not signed with one of the keys. */
  readonly manifest: CaseManifest | null;
}

/**
 * Checks a case file with the public keys of its server. It needs no network, and never has the file in memory. Rejects
 * with an error of Node if the file cannot be opened.
 */
export async function verifyCaseFile(path: string, keys: readonly JWK[]): Promise<CaseCheck> {
  let zip: ZipFile;
  try {
    zip = await openPromise(path, { lazyEntries: true, autoClose: false, strictFileNames: true });
  } catch (error) {
    if (typeof (error as NodeJS.ErrnoException).code === 'string') throw error;
    return failed('This is not a ZIP file, or its end is missing.');
  }
  try {
    return await check(path, zip, keys);
  } finally {
    zip.close();
  }
}

const failed = (problem: string): CaseCheck => ({ problems: [problem], manifest: null });

async function check(path: string, zip: ZipFile, keys: readonly JWK[]): Promise<CaseCheck> {
  const entries: Entry[] = [];
  try {
    for await (const entry of zip.eachEntry()) entries.push(entry);
  } catch (error) {
    return failed(
      `The directory of the ZIP was changed, or is cut off: ${(error as Error).message}.`,
    );
  }
  const signed = await readManifest(zip, entries, keys);
  if (typeof signed === 'string') return failed(signed);
  const { files, repacked } = await readFiles(zip, entries);
  const problems = compare(signed, files);
  // Names and contents are right: what is left is the ZIP's own bytes.
  if (problems.length === 0 && repacked !== (await hashOfFile(path))) {
    problems.push(
      'Every file is as it was signed, but the ZIP around them was changed, or packed anew.',
    );
  }
  return { problems, manifest: signed };
}

/** The manifest, if its signature is right; else what is wrong with it. */
async function readManifest(
  zip: ZipFile,
  entries: readonly Entry[],
  keys: readonly JWK[],
): Promise<CaseManifest | string> {
  const texts: Buffer[] = [];
  for (const name of [CASE_MANIFEST, CASE_SIGNATURE]) {
    const entry = entries.find(({ fileName }) => fileName === name);
    if (!entry) return `${name} is missing: this is no case file, or somebody has taken it out.`;
    if (entry.uncompressedSize > MAX_MANIFEST_BYTES) return `${name} is too large.`;
    texts.push(await readWhole(zip, entry));
  }
  const [text, signature] = texts as [Buffer, Buffer];
  const payload = await verifySignature(signature.toString('latin1'), keys);
  if (typeof payload === 'string') return payload;
  if (!payload.equals(text)) return `${CASE_MANIFEST} was changed: it is not what was signed.`;
  const manifest = JSON.parse(text.toString()) as unknown;
  if (!new Ajv().validate(CaseManifest, manifest)) {
    return 'The case file is of a later version of rtc-desk. Check it with that version.';
  }
  return manifest as CaseManifest;
}

const CASE_FILE: ManifestType = 'case-file+json';

const isCanonical = (part: string): boolean =>
  Buffer.from(part, 'base64url').toString('base64url') === part;

/** What was signed; or why the signature is not right. */
async function verifySignature(jws: string, keys: readonly JWK[]): Promise<Buffer | string> {
  const broken = `${CASE_SIGNATURE} was changed: it is not the signature of ${CASE_MANIFEST}.`;
  // Decoders pass over some changes, such as the unused bits of a last character.
  if (!jws.split('.').every(isCanonical)) return broken;
  let header: ReturnType<typeof decodeProtectedHeader>;
  try {
    header = decodeProtectedHeader(jws);
  } catch {
    return broken;
  }
  if (header.typ !== CASE_FILE || header.alg !== ED25519_ALGORITHM) return broken;
  for (const key of keys) {
    if ((await calculateJwkThumbprint(key)) !== header.kid) continue;
    try {
      const { payload } = await compactVerify(jws, await importJWK(key, ED25519_ALGORITHM), {
        algorithms: [ED25519_ALGORITHM],
      });
      return Buffer.from(payload);
    } catch {
      return broken;
    }
  }
  return `It was signed with another key (${header.kid ?? 'without a name'}), not with one of these.`;
}

type File = CaseManifest['files'][number];

/** Reads each file once, and packs a new ZIP of the same files. */
async function readFiles(
  zip: ZipFile,
  entries: readonly Entry[],
): Promise<{ readonly files: readonly File[]; readonly repacked: string }> {
  const files: File[] = [];
  const again = async function* (): AsyncGenerator<ZipEntry> {
    for (const entry of entries) {
      const { fileName: name } = entry;
      const content = noting(name, readEntry(zip, entry), (file) => files.push(file));
      // A folder cannot be packed. No case file has one.
      if (name.endsWith('/')) for await (const piece of content) void piece;
      else yield { name, content };
    }
  };
  const hash = createHash('sha256');
  for await (const piece of packZip(again())) hash.update(piece);
  return { files, repacked: hash.digest('hex') };
}

/** What cannot be read is left out, so that the hash differs. */
async function* readEntry(zip: ZipFile, entry: Entry): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of await zip.openReadStreamPromise(entry)) yield piece as Uint8Array;
  } catch {
    return;
  }
}

async function readWhole(zip: ZipFile, entry: Entry): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of readEntry(zip, entry)) pieces.push(piece);
  return Buffer.concat(pieces);
}

function compare(manifest: CaseManifest, files: readonly File[]): string[] {
  const problems: string[] = [];
  const found = new Map<string, File>();
  for (const file of files) {
    // Programs differ in which of the two they show.
    if (found.has(file.name)) problems.push(`${file.name} is there twice.`);
    found.set(file.name, file);
  }
  for (const { name, bytes, sha256 } of manifest.files) {
    const file = found.get(name);
    found.delete(name);
    if (!file) problems.push(`${name} is missing.`);
    else if (file.sha256 !== sha256) {
      const was = file.bytes === bytes ? '' : `: it had ${bytes} bytes, and has ${file.bytes}`;
      problems.push(`${name} was changed${was}.`);
    }
  }
  for (const name of found.keys()) {
    if (name !== CASE_MANIFEST && name !== CASE_SIGNATURE) {
      problems.push(`${name} was added: the manifest does not name it.`);
    }
  }
  const order = [...manifest.files.map(({ name }) => name), CASE_MANIFEST, CASE_SIGNATURE];
  if (problems.length === 0 && files.some(({ name }, index) => name !== order[index])) {
    problems.push('Every file is as it was signed, but they stand in another order.');
  }
  return problems;
}

async function hashOfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
  return hash.digest('hex');
}
