import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { after, before, beforeEach, describe, it } from 'node:test';
import sharp from 'sharp';
import type { Database } from '../../../src/server/database/database.ts';
import { openDatabase } from '../../../src/server/database/open-database.ts';
import { issueChatToken } from '../../../src/server/identity/chat-token.ts';
import { freshDataDirectory } from '../../support/fresh-data-directory.ts';
import { writeTwoSites } from '../identity/sites.ts';
import { bearer, HttpFixture, key } from './http-fixture.ts';

const PAYLOAD = '<script>alert("PAYLOAD")</script>';
const plain = (width = 12, height = 8) =>
  sharp({ create: { width, height, channels: 3, background: '#268' } });

/** A GIF of two colours and 1 × 1 pixels, whose one frame comes so often. */
function gifOfFrames(frames: number): Buffer {
  const head = Buffer.from('GIF89a\x01\0\x01\0\x80\0\0\xff\0\0\0\0\xff', 'latin1');
  const frame = Buffer.from(
    '!\xf9\x04\0\x01\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0',
    'latin1',
  );
  return Buffer.concat([head, ...Array.from({ length: frames }, () => frame), Buffer.from(';')]);
}

/** A PNG with a further chunk after its header. */
function withChunk(png: Buffer, type: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  // The sum of an ancillary chunk is not looked at by all readers: a wrong one is a trick more.
  const chunk = Buffer.concat([length, Buffer.from(type), data, Buffer.alloc(4)]);
  return Buffer.concat([png.subarray(0, 33), chunk, png.subarray(33)]);
}

/** Pictures with something else in them: kept as a picture, and nothing else of them, or refused. */
const carriers: Record<string, () => Promise<Buffer>> = {
  'a PNG with a page behind it': async () =>
    Buffer.concat([await plain().png().toBuffer(), Buffer.from(`<!doctype html>${PAYLOAD}`)]),
  'a JPEG with an archive behind it': async () =>
    Buffer.concat([await plain().jpeg().toBuffer(), Buffer.from(`PK\x03\x04${PAYLOAD}`, 'latin1')]),
  'a GIF whose comment is a script': async () => {
    const gif = gifOfFrames(1);
    const comment = Buffer.concat([
      Buffer.from([0x21, 0xfe, PAYLOAD.length]),
      Buffer.from(PAYLOAD),
      Buffer.from([0]),
    ]);
    return Buffer.concat([gif.subarray(0, 19), comment, gif.subarray(19)]);
  },
  'a PNG with a text that is a script': async () =>
    withChunk(await plain().png().toBuffer(), 'tEXt', Buffer.from(`Comment\0${PAYLOAD}`)),
  'a PNG with a text that unfolds to 50 MB': async () =>
    withChunk(
      await plain().png().toBuffer(),
      'zTXt',
      Buffer.concat([Buffer.from(`PAYLOAD\0\0`), deflateSync(Buffer.alloc(50_000_000, 0x41))]),
    ),
  'a JPEG with a place and a script in its EXIF': () =>
    plain()
      .withExif({
        IFD0: { Copyright: PAYLOAD, ImageDescription: PAYLOAD },
        IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 PAYLOAD' },
      })
      .jpeg()
      .toBuffer(),
  'a WebP with XMP': () =>
    plain()
      .withXmp(`<x:xmpmeta xmlns:x="adobe:ns:meta/">${'PAYLOAD'}</x:xmpmeta>`)
      .webp()
      .toBuffer(),
};

describe('an uploaded picture that contains something else', () => {
  let directory: Awaited<ReturnType<typeof freshDataDirectory>>;
  let db: Database;
  let http: HttpFixture;
  let headers: Record<string, string>;

  before(async () => {
    directory = await freshDataDirectory();
    db = await openDatabase({ dataDir: directory.dataDir, nodeId: randomUUID() });
    await writeTwoSites(db);
    await db.query(`insert into rooms (number, site_id, kind) values (7, 'acme', 'meeting')`);
    await db.query(
      `insert into participants (id, room, role, subject, name, entered_at) values ('p-1', 7, 'guest', 'ada', 'Ada', now())`,
    );
    const expiresAt = Date.now() + 600_000;
    headers = await bearer(await issueChatToken(key, { room: 7, participant: 'p-1', expiresAt }));
  });
  beforeEach(async () => {
    await http?.close();
    http = await HttpFixture.open(db);
  });
  after(async () => {
    await http?.close();
    await db?.close();
    await directory?.remove();
  });

  const upload = (body: Buffer | string, type = 'image/png') =>
    fetch(`${http.url}/api/v1/rooms/7/images`, {
      method: 'POST',
      headers: { ...headers, 'content-type': type },
      body: typeof body === 'string' ? body : new Uint8Array(body),
    });
  const shown = async (response: Response) => {
    const { id } = (await response.json()) as { id: string };
    const picture = await http.get(`/api/v1/rooms/7/images/${id}`, headers);
    assert.equal(picture.headers.get('content-type'), 'image/webp');
    assert.equal(picture.headers.get('x-content-type-options'), 'nosniff');
    return Buffer.from(await picture.arrayBuffer());
  };

  for (const [what, make] of Object.entries(carriers)) {
    it(`is stored without it: ${what}`, async () => {
      const original = await make();
      const response = await upload(original);
      if (response.status === 415) return;
      assert.equal(response.status, 201);
      const kept = await shown(response);
      assert.ok(!kept.includes('PAYLOAD') && !kept.includes('script'));
      const { exif, xmp, iptc, comments, pages } = await sharp(kept).metadata();
      assert.deepEqual(
        [exif, xmp, iptc, comments, pages ?? 1],
        [undefined, undefined, undefined, undefined, 1],
      );
    });
  }

  it('has one frame, however many the upload has', async () => {
    const gif = await upload(gifOfFrames(10_000));
    assert.equal(gif.status, 201);
    assert.equal((await sharp(await shown(gif)).metadata()).pages ?? 1, 1);
    const frames = await Promise.all(
      Array.from({ length: 60 }, (_, i) =>
        plain(4, 4)
          .modulate({ hue: i * 6 })
          .png()
          .toBuffer(),
      ),
    );
    const webp = await upload(
      await sharp(frames, { join: { animated: true } })
        .webp()
        .toBuffer(),
    );
    assert.equal(webp.status, 201);
    assert.equal((await sharp(await shown(webp)).metadata()).pages ?? 1, 1);
  });

  it('is recognized by its bytes, not by its content type', async () => {
    const png = await plain().png().toBuffer();
    for (const type of ['image/svg+xml', 'image/x-icon', 'application/octet-stream']) {
      const response = await upload(png, type);
      assert.equal(response.status, 201, type);
      await shown(response);
    }
    for (const type of [
      'text/html',
      'text/xml',
      'application/javascript',
      'text/plain;image/png',
    ]) {
      assert.equal((await upload(png, type)).status, 415, type);
    }
    const page = await upload(Buffer.from(`<!doctype html>${PAYLOAD}`), 'image/png');
    assert.equal(page.status, 415);
  });

  it('is not stored from a malformed form', async () => {
    const png = await plain().png().toBuffer();
    const part = (disposition: string, body: string | Buffer) =>
      Buffer.concat([
        Buffer.from(`--b\r\nContent-Disposition: ${disposition}\r\n\r\n`),
        Buffer.from(body),
        Buffer.from('\r\n'),
      ]);
    const file = (name: string) => part(`form-data; name="file"; filename="${name}"`, png);
    const end = Buffer.from('--b--\r\n');
    const form = 'multipart/form-data; boundary=b';
    const forms: Record<string, [status: RegExp, body: Buffer, type?: string]> = {
      'no boundary': [/^4/, Buffer.concat([file('a.png'), end]), 'multipart/form-data'],
      'another boundary': [/^4/, Buffer.concat([file('a.png'), end]), `${form}x`],
      'no end': [/^4/, file('a.png').subarray(0, 90)],
      'nothing at all': [/^4/, Buffer.alloc(0)],
      'many fields before the file': [
        /^4/,
        Buffer.concat([
          ...Array.from({ length: 500 }, (_, i) => part(`form-data; name="f${i}"`, 'x')),
          file('a.png'),
          end,
        ]),
      ],
      'a field named like the prototype': [
        /^(4|201)/,
        Buffer.concat([part('form-data; name="__proto__"', 'x'), file('a.png'), end]),
      ],
      'a page as the file': [
        /^415/,
        Buffer.concat([part('form-data; name="file"; filename="a.png"', PAYLOAD), end]),
      ],
      'a name that is a path, markup and a header': [
        /^201/,
        Buffer.concat([file('..\\..\\<img src=x>%0d%0aSet-Cookie: a=b.png'), end]),
      ],
    };
    for (const [what, [status, body, type = form]] of Object.entries(forms)) {
      const response = await upload(body, type);
      const text = await response.text();
      assert.match(String(response.status), status, `${what}: ${text}`);
      assert.equal(response.headers.get('set-cookie'), null);
      assert.doesNotMatch(text, /server-error|<img/, what);
    }
    assert.equal(({} as Record<string, unknown>)['x'], undefined);
    assert.equal((await http.get('/healthz')).status, 200);
  });
});
