import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, beforeEach, describe, it } from 'node:test';
import { amazonEndpoint, objectUrl } from '../../../src/server/object-storage/object-address.ts';
import { ObjectStoreError } from '../../../src/server/object-storage/object-store-error.ts';
import type { ObjectStore } from '../../../src/server/object-storage/object-store.ts';
import { S3StandIn, type S3Fault } from '../../support/s3-stand-in.ts';

const MIB = 1024 * 1024;

describe('the object store', () => {
  let s3: S3StandIn;
  let store: ObjectStore;
  const address = (name: string) => `${s3.destination}/${name}`;

  before(async () => {
    s3 = await S3StandIn.open();
  });
  after(() => s3?.close());
  beforeEach(() => {
    s3.reset();
    store = s3.store();
  });

  async function upload(name: string, ...parts: Buffer[]): Promise<void> {
    const id = await store.begin(address(name));
    for (const [index, part] of parts.entries()) {
      await store.uploadPart(address(name), id, index + 1, part);
    }
    const listed = await store.listParts(address(name), id);
    assert.equal(await store.complete(address(name), id, listed!), true);
  }
  const fails = (work: Promise<unknown>, reason: string) =>
    assert.rejects(work, (error) => {
      assert.ok(error instanceof ObjectStoreError);
      assert.equal(error.reason, reason);
      return true;
    });

  it('stores an object in parts and reads any bytes of it', async () => {
    const parts = [randomBytes(5 * MIB), randomBytes(5 * MIB), randomBytes(1_000)];
    const name = "a folder/with (an) 'odd' näme+&=.recording";
    await upload(name, ...parts);
    const whole = Buffer.concat(parts);
    assert.deepEqual(s3.objects.get(`desk/${name}`), whole);
    assert.equal(await store.size(address(name)), whole.length);
    const [start, end] = [5 * MIB - 10, 5 * MIB + 20];
    assert.deepEqual(await store.read(address(name), start, end), whole.subarray(start, end));
  });

  it('lists the parts of an upload page by page, and tells that an upload is over', async () => {
    s3.pageSize = 2;
    const id = await store.begin(address('one'));
    for (const number of [3, 1, 2, 5, 4]) {
      await store.uploadPart(address('one'), id, number, Buffer.alloc(number));
    }
    const parts = await store.listParts(address('one'), id);
    assert.deepEqual(
      parts?.map(({ number, bytes }) => [number, bytes]),
      [1, 2, 3, 4, 5].map((number) => [number, number]),
    );
    await store.abort(address('one'), id);
    await store.abort(address('one'), id);
    assert.equal(await store.listParts(address('one'), id), null);
    assert.equal(await store.complete(address('one'), id, parts!), false);
    assert.equal(await store.size(address('one')), null);
  });

  it('lists the uploads under its prefix alone, page by page', async () => {
    s3.pageSize = 2;
    for (let index = 0; index < 5; index += 1) await store.begin(address(`own/${index}`));
    await store.begin('s3://records/desktop/other');
    const listed: string[] = [];
    for await (const { address: found, uploadId, begunAt } of store.listUploads(s3.destination)) {
      listed.push(found);
      assert.ok(s3.uploads.has(uploadId));
      assert.ok(Math.abs(Date.now() - begunAt) < 60_000);
    }
    assert.deepEqual(
      listed,
      [0, 1, 2, 3, 4].map((index) => address(`own/${index}`)),
    );
  });

  it('deletes what is there and what is not', async () => {
    await upload('one', Buffer.from('x'));
    await store.delete(address('one'));
    await store.delete(address('one'));
    assert.equal(s3.objects.size, 0);
  });

  it('refuses bytes that are not as many as were asked for', async () => {
    await upload('one', Buffer.alloc(100));
    await fails(store.read(address('one'), 50, 150), 'missing');
    await fails(store.read(address('one'), 100, 150), 'missing');
    await fails(store.read(address('two'), 0, 10), 'missing');
  });

  it('is refused with a wrong key, without telling the key', async () => {
    const stranger = s3.store({ secretAccessKey: 'a wrong secret' });
    await assert.rejects(stranger.begin(address('one')), {
      reason: 'refused',
      message: 'The object store answers 403 SignatureDoesNotMatch.',
    });
    assert.equal(s3.uploads.size, 0);
  });

  it('does not take a missing bucket for a missing object', async () => {
    s3.hasBucket = false;
    await fails(store.delete(address('one')), 'refused');
    await fails(store.begin(address('one')), 'refused');
    await fails(store.abort(address('one'), 'id'), 'refused');
    await fails(store.listParts(address('one'), 'id'), 'refused');
  });

  for (const [fault, reason] of [
    [500, 'unreachable'],
    [503, 'unreachable'],
    [429, 'unreachable'],
    ['hang', 'unreachable'],
    ['reset', 'unreachable'],
    [403, 'refused'],
    [301, 'refused'],
  ] as [S3Fault, string][]) {
    it(`answers ${reason} to ${fault}, whatever was asked`, async () => {
      await upload('one', Buffer.alloc(100));
      const id = await store.begin(address('two'));
      s3.before = () => fault;
      const impatient = s3.store({ timeoutMs: 300 });
      const one = address('one');
      await Promise.all([
        fails(impatient.begin(one), reason),
        fails(impatient.listParts(address('two'), id), reason),
        fails(impatient.read(one, 0, 100), reason),
        fails(impatient.delete(one), reason),
      ]);
    });
  }

  it('does not believe an answer of 200 that holds an error', async () => {
    const id = await store.begin(address('one'));
    await store.uploadPart(address('one'), id, 1, Buffer.from('x'));
    const parts = await store.listParts(address('one'), id);
    const wrong = parts!.map((part) => ({ ...part, etag: '"00000000000000000000000000000000"' }));
    await fails(store.complete(address('one'), id, wrong), 'refused');
    s3.errorInOk = true;
    await fails(store.complete(address('one'), id, wrong), 'unreachable');
  });

  it('ends a request by a signal', async () => {
    const stopping = new AbortController();
    s3.before = () => {
      stopping.abort();
      return 'hang';
    };
    await assert.rejects(store.begin(address('one'), stopping.signal));
  });

  it('finds a bucket by its host or by its path', () => {
    const key = 'desk/a b/ü.recording';
    const url = (endpoint: string) => objectUrl(endpoint, { bucket: 'records', key }).href;
    assert.equal(
      url(amazonEndpoint('eu-central-1')),
      'https://records.s3.eu-central-1.amazonaws.com/desk/a%20b/%C3%BC.recording',
    );
    assert.equal(
      url(amazonEndpoint('cn-north-1')),
      'https://records.s3.cn-north-1.amazonaws.com.cn/desk/a%20b/%C3%BC.recording',
    );
    assert.equal(
      url('http://minio:9000/'),
      'http://minio:9000/records/desk/a%20b/%C3%BC.recording',
    );
  });
});
