import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { CompactSign, type JWK } from 'jose';
import { openPromise } from 'yauzl';
import { ZipFile } from 'yazl';
import { packZip, type ZipEntry } from '../../../src/server/case-files/pack-zip.ts';
import { verifyCaseFile } from '../../../src/server/case-files/verify-case-file.ts';
import { signedZip } from '../../../src/server/case-files/write-case-file.ts';
import { ed25519Key, ed25519PublicKey } from '../../../src/server/identity/ed25519-key.ts';
import { signManifest } from '../../../src/server/identity/manifest-signature.ts';

const serverKey = new Uint8Array(32).fill(7);
const FACTS = {
  ...{ site: 'acme', call: randomUUID(), madeBy: 'owner olivia', recording: 'ready' },
};
const CONTENTS: Readonly<Record<string, Buffer>> = {
  'call.json': Buffer.from('{"id": 1}\n'),
  'transcript.html': Buffer.from('<p>Grüß Gott, 你好</p>'),
  'pictures/a.webp': randomBytes(100),
  'recording/part-1.webm': randomBytes(200),
  'empty.txt': Buffer.alloc(0),
};
const entries = (contents = CONTENTS): ZipEntry[] =>
  Object.entries(contents).map(([name, content]) => ({ name, content: [content] }));

describe('the check of a case file', () => {
  let folder: string;
  let keys: JWK[];
  let whole: Buffer;
  /** What the case file holds, in its order. */
  let contents: Record<string, Buffer>;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rtc-desk-case-'));
    keys = [
      await ed25519PublicKey(serverKey, 'erasure-certificate'),
      await ed25519PublicKey(serverKey, 'recording-manifest'),
    ];
    whole = await pieces(signedZip(serverKey, FACTS, entries()));
    contents = await contentsOf(whole);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const pieces = async (zip: AsyncIterable<Buffer>): Promise<Buffer> => {
    const all: Buffer[] = [];
    for await (const piece of zip) all.push(piece);
    return Buffer.concat(all);
  };
  const check = async (bytes: Buffer, by = keys) => {
    const path = join(folder, 'case.zip');
    await writeFile(path, bytes);
    return verifyCaseFile(path, by);
  };
  const problemsOf = async (bytes: Buffer) => (await check(bytes)).problems;
  /** The problems of a ZIP with these contents, packed as the server packs. */
  const problemsWith = async (changed: Readonly<Record<string, Buffer>>) =>
    problemsOf(await pieces(packZip(asyncEntries(changed))));
  const flipped = (content: Buffer): Buffer => {
    const changed = Buffer.from(content);
    changed[0]! ^= 1;
    return changed;
  };

  it('finds one whole, and says what it is of', async () => {
    const { problems, manifest } = await check(whole);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      [manifest?.call, manifest?.site, manifest?.madeBy, manifest?.files.map(({ name }) => name)],
      [FACTS.call, 'acme', 'owner olivia', Object.keys(CONTENTS)],
    );
    assert.deepEqual(Object.keys(contents), [
      ...Object.keys(CONTENTS),
      'manifest.json',
      'manifest.json.jws',
    ]);
  });

  it('finds whole what the first version made', async () => {
    const first = await readFile(new URL('first-version.zip', import.meta.url));
    assert.deepEqual(await problemsOf(first), []);
  });

  it('names each file of which one byte was changed', async () => {
    for (const name of Object.keys(CONTENTS).filter((name) => name !== 'empty.txt')) {
      assert.deepEqual(await problemsWith({ ...contents, [name]: flipped(contents[name]!) }), [
        `${name} was changed.`,
      ]);
    }
    assert.deepEqual(await problemsWith({ ...contents, 'empty.txt': Buffer.from('x') }), [
      'empty.txt was changed: it had 0 bytes, and has 1.',
    ]);
  });

  it('names files that are missing, that were added, and that are there twice', async () => {
    for (const name of Object.keys(CONTENTS)) {
      const { [name]: _, ...others } = contents;
      assert.deepEqual(await problemsWith(others), [`${name} is missing.`]);
    }
    assert.deepEqual(await problemsWith({ ...contents, 'more.txt': Buffer.from('more') }), [
      'more.txt was added: the manifest does not name it.',
    ]);
    const renamed = { ...contents, 'other.json': contents['call.json']! };
    delete (renamed as Record<string, Buffer>)['call.json'];
    assert.deepEqual(await problemsWith(renamed), [
      'call.json is missing.',
      'other.json was added: the manifest does not name it.',
    ]);
    const twice = [...entriesOf(contents), { name: 'call.json', content: [Buffer.from('{}')] }];
    const problems = await problemsOf(await pieces(packZip(fromArray(twice))));
    assert.ok(problems.includes('call.json is there twice.'), problems.join('\n'));
  });

  it('tells of a manifest that is not what was signed, and of a broken or missing signature', async () => {
    const text = contents['manifest.json']!.toString();
    const changed = Buffer.from(text.replace('owner olivia', 'owner oliver'));
    assert.deepEqual(await problemsWith({ ...contents, 'manifest.json': changed }), [
      'manifest.json was changed: it is not what was signed.',
    ]);
    const signature = contents['manifest.json.jws']!;
    for (const broken of [
      flipped(signature),
      Buffer.concat([signature, Buffer.from('x')]),
      Buffer.from('x'),
      Buffer.alloc(0),
    ]) {
      assert.deepEqual(await problemsWith({ ...contents, 'manifest.json.jws': broken }), [
        'manifest.json.jws was changed: it is not the signature of manifest.json.',
      ]);
    }
    for (const name of ['manifest.json', 'manifest.json.jws']) {
      const { [name]: _, ...others } = contents;
      assert.deepEqual(await problemsWith(others), [
        `${name} is missing: this is no case file, or somebody has taken it out.`,
      ]);
    }
  });

  it('accepts no signature of another key, of another kind, or without a key', async () => {
    const foreign = await pieces(signedZip(new Uint8Array(32).fill(8), FACTS, entries()));
    assert.match((await problemsOf(foreign))[0] ?? '', /^It was signed with another key \(/);
    assert.equal((await check(foreign)).manifest, null);
    const text = contents['manifest.json']!.toString();
    const signedAs = async (jws: string) =>
      problemsWith({ ...contents, 'manifest.json.jws': Buffer.from(jws) });
    const broken = ['manifest.json.jws was changed: it is not the signature of manifest.json.'];
    assert.deepEqual(await signedAs(await signManifest(serverKey, 'recording+json', text)), broken);
    const none = Buffer.from('{"alg":"none","typ":"case-file+json"}').toString('base64url');
    assert.deepEqual(await signedAs(`${none}.${Buffer.from(text).toString('base64url')}.`), broken);
    // The header names this server's key; another one has signed.
    const [header = ''] = contents['manifest.json.jws']!.toString().split('.');
    const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid: string };
    const forged = await new CompactSign(Buffer.from(text))
      .setProtectedHeader({ alg: 'EdDSA', typ: 'case-file+json', kid })
      .sign(ed25519Key(new Uint8Array(32).fill(8), 'recording-manifest'));
    assert.deepEqual(await signedAs(forged), broken);
  });

  it('tells of another order, and of a ZIP that was packed anew', async () => {
    const packedAnew = [
      'Every file is as it was signed, but the ZIP around them was changed, or packed anew.',
    ];
    const reversed = Object.fromEntries(Object.entries(contents).toReversed());
    assert.deepEqual(await problemsWith(reversed), [
      'Every file is as it was signed, but they stand in another order.',
    ]);
    const zip = new ZipFile();
    for (const [name, content] of Object.entries(contents)) zip.addBuffer(content, name);
    zip.end();
    assert.deepEqual(await problemsOf(await buffer(zip.outputStream)), packedAnew);
    const withFolder = new ZipFile();
    for (const [name, content] of Object.entries(contents)) withFolder.addBuffer(content, name);
    withFolder.addEmptyDirectory('folder');
    withFolder.end();
    assert.deepEqual(await problemsOf(await buffer(withFolder.outputStream)), [
      'folder/ was added: the manifest does not name it.',
    ]);
  });

  it('tells of any single byte that was changed', async () => {
    // All bytes of the directory and of the first header; of the rest, every seventh.
    const directory = whole.indexOf(Buffer.from('PK\u0001\u0002'));
    for (let at = 0; at < whole.length; at += at < 60 || at >= directory ? 1 : 7) {
      const changed = Buffer.from(whole);
      changed[at]! ^= 1 << (at % 8);
      const problems = await problemsOf(changed);
      assert.ok(problems.length > 0, `byte ${at} of ${whole.length}`);
    }
  });

  it('tells of a change of the signature that a decoder would pass over', async () => {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const signature = contents['manifest.json.jws']!.toString();
    const last = letters.indexOf(signature.at(-1)!);
    const changed = signature.slice(0, -1) + letters[last ^ 1]!;
    assert.ok(
      Buffer.from(changed.split('.')[2]!, 'base64url').equals(
        Buffer.from(signature.split('.')[2]!, 'base64url'),
      ),
    );
    assert.equal(
      (await problemsWith({ ...contents, 'manifest.json.jws': Buffer.from(changed) })).length,
      1,
    );
  });

  it('tells of a file that is cut off, longer, or no ZIP at all', async () => {
    for (let length = 0; length < whole.length; length += 97) {
      assert.ok((await problemsOf(whole.subarray(0, length))).length > 0, `${length} bytes`);
    }
    const notZip = ['This is not a ZIP file, or its end is missing.'];
    assert.deepEqual(await problemsOf(whole.subarray(0, -1)), notZip);
    assert.deepEqual(await problemsOf(Buffer.from('Hello')), notZip);
    assert.deepEqual(await problemsOf(Buffer.alloc(0)), notZip);
    assert.ok((await problemsOf(Buffer.concat([whole, Buffer.from('x')]))).length > 0);
    assert.ok((await problemsOf(Buffer.concat([Buffer.from('x'), whole]))).length > 0);
  });

  it('says which file cannot be opened', async () => {
    await assert.rejects(verifyCaseFile(join(folder, 'nowhere.zip'), keys), { code: 'ENOENT' });
  });

  const entriesOf = (all: Readonly<Record<string, Buffer>>): ZipEntry[] => entries(all);
  const asyncEntries = (all: Readonly<Record<string, Buffer>>) => fromArray(entriesOf(all));
  async function* fromArray(all: readonly ZipEntry[]): AsyncGenerator<ZipEntry> {
    yield* all;
  }
  async function contentsOf(bytes: Buffer): Promise<Record<string, Buffer>> {
    const path = join(folder, 'contents.zip');
    await writeFile(path, bytes);
    const zip = await openPromise(path, { lazyEntries: true, autoClose: false });
    const found: Record<string, Buffer> = {};
    for await (const entry of zip.eachEntry()) {
      found[entry.fileName] = await buffer(await zip.openReadStreamPromise(entry));
    }
    zip.close();
    return found;
  }
});
