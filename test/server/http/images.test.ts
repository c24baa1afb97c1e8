import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { deflateSync, gzipSync } from 'node:zlib';
import { after, before, beforeEach, describe, it } from 'node:test';
import sharp from 'sharp';
import { issueChatToken } from '../../../src/server/identity/chat-token.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { writeTwoSites } from '../identity/sites.ts';
import { bearer, HttpFixture, key } from './http-fixture.ts';

const soon = () => Date.now() + 60_000;
const noise = (width: number, height: number) =>
  sharp(randomBytes(width * height * 3), { raw: { width, height, channels: 3 } });

/** A PNG whose header says how large it is, with next to nothing in it. */
function pngOfSize(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc(body));
    return Buffer.concat([length, body, sum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([1, 0, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(100_000))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function crc(bytes: Buffer): number {
  let sum = ~0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}

const SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>';

/** Each is refused with this code, and leaves nothing behind. */
const bad: Record<string, [code: string, make: () => Buffer | Promise<Buffer>]> = {
  'no bytes': ['image-not-supported', () => Buffer.alloc(0)],
  zeros: ['image-not-supported', () => Buffer.alloc(1000)],
  noise: ['image-not-supported', () => randomBytes(5000)],
  text: ['image-not-supported', () => Buffer.from('hello')],
  HTML: ['image-not-supported', () => Buffer.from('<!doctype html><script>alert(1)</script>')],
  'an SVG': ['image-not-supported', () => Buffer.from(SVG)],
  'an SVG behind an XML head': [
    'image-not-supported',
    () => Buffer.from(`<?xml version="1.0"?>${SVG}`),
  ],
  'a compressed SVG': ['image-not-supported', () => gzipSync(SVG)],
  'a PDF': ['image-not-supported', () => Buffer.from('%PDF-1.7\n1 0 obj\n<<>>\nendobj\n')],
  'a program': ['image-not-supported', () => Buffer.from('\x7fELF\x02\x01\x01', 'latin1')],
  'a ZIP': ['image-not-supported', () => Buffer.from('PK\x03\x04aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa')],
  'a TIFF': ['image-not-supported', () => noise(8, 8).tiff().toBuffer()],
  'a BMP': [
    'image-not-supported',
    () => Buffer.from('BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0', 'latin1'),
  ],
  'the first bytes of a JPEG': ['image-not-supported', () => Buffer.from([0xff, 0xd8, 0xff, 0xe0])],
  'a JPEG cut in half': [
    'image-not-supported',
    async () => {
      const whole = await noise(200, 200).jpeg().toBuffer();
      return whole.subarray(0, whole.length / 2);
    },
  ],
  'a PNG cut in half': [
    'image-not-supported',
    async () => {
      const whole = await noise(200, 200).png().toBuffer();
      return whole.subarray(0, whole.length / 2);
    },
  ],
  'a PNG with a broken middle': [
    'image-not-supported',
    async () => {
      const whole = await noise(200, 200).png().toBuffer();
      return Buffer.concat([whole.subarray(0, 5000), randomBytes(5000), whole.subarray(10_000)]);
    },
  ],
  'an SVG behind the first bytes of a JPEG': [
    'image-not-supported',
    () => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.from(SVG)]),
  ],
  'a GIF that is a script': ['image-not-supported', () => Buffer.from('GIF89a=1;alert(1);//')],
  'a bomb of 2.5 thousand million pixels': ['image-too-large', () => pngOfSize(50_000, 50_000)],
  'one row of pixels too many': ['image-too-large', () => pngOfSize(8_000, 5_001)],
  'more bytes than may be': ['image-too-large', () => Buffer.alloc(10 * 1024 * 1024 + 1)],
};

describe('the pictures of a room', () => {
  onBothDatabases((test) => {
    let http: HttpFixture;
    let headers: Record<string, string>;

    before(async () => {
      http = await HttpFixture.open(test.db);
    });
    after(() => http?.close());
    beforeEach(async () => {
      await writeTwoSites(test.db);
      await test.db.query(
        `insert into rooms (number, site_id, kind) values (7, 'acme', 'meeting'), (8, 'acme', 'meeting')`,
      );
      await test.db.query(
        `insert into participants (id, room, role, subject, name, entered_at) values
           ('p-1', 7, 'guest', 'ada', 'Ada', now()), ('p-2', 7, 'guest', 'jo', 'Jo', now()), ('p-3', 8, 'guest', 'eve', 'Eve', now())`,
      );
      headers = await bearer(
        await issueChatToken(key, { room: 7, participant: 'p-1', expiresAt: soon() }),
      );
    });

    const upload = (body: Buffer | FormData, more: Record<string, string> = {}, room = 7) =>
      fetch(`${http.url}/api/v1/rooms/${room}/images`, {
        method: 'POST',
        headers: {
          ...headers,
          ...(Buffer.isBuffer(body) && { 'content-type': 'image/jpeg' }),
          ...more,
        },
        body: Buffer.isBuffer(body) ? new Uint8Array(body) : body,
      });
    const kept = async () => (await test.db.query('select 1 from images')).rowCount;

    it('are encoded anew: upright, smaller and without metadata', async () => {
      const original = await noise(3000, 1000)
        .withExif({ IFD0: { Copyright: 'SECRET-PLACE' } })
        .withMetadata({ orientation: 6, exif: { IFD0: { Copyright: 'SECRET-PLACE' } } })
        .jpeg()
        .toBuffer();
      assert.ok(original.includes('SECRET-PLACE'));
      const response = await upload(original);
      assert.equal(response.status, 201);
      const image = (await response.json()) as { id: string; width: number; height: number };
      assert.deepEqual([image.width, image.height], [853, 2560]);
      const shown = await http.get(`/api/v1/rooms/7/images/${image.id}`, headers);
      assert.equal(shown.headers.get('content-type'), 'image/webp');
      assert.equal(shown.headers.get('x-content-type-options'), 'nosniff');
      assert.match(shown.headers.get('cache-control') ?? '', /^private/);
      assert.match(shown.headers.get('content-disposition') ?? '', /filename="picture\.webp"/);
      assert.match(shown.headers.get('content-security-policy') ?? '', /default-src 'none'/);
      const bytes = Buffer.from(await shown.arrayBuffer());
      assert.ok(!bytes.includes('SECRET-PLACE'));
      const { format, width, height, exif } = await sharp(bytes).metadata();
      assert.deepEqual([format, width, height, exif], ['webp', 853, 2560, undefined]);
    });

    it('may be PNG, WebP, AVIF or GIF; of an animation the first frame stays', async () => {
      const formats = ['png', 'webp', 'avif', 'gif'] as const;
      for (const format of formats) {
        const response = await upload(await noise(40, 30).toFormat(format).toBuffer());
        assert.equal(response.status, 201, format);
      }
      const frames = await Promise.all([1, 2, 3].map(() => noise(20, 20).png().toBuffer()));
      const animated = await sharp(frames, { join: { animated: true } })
        .gif()
        .toBuffer();
      const image = (await (await upload(animated)).json()) as { width: number; height: number };
      assert.deepEqual([image.width, image.height], [20, 20]);
    });

    it('may be uploaded as the file of a form', async () => {
      const form = new FormData();
      form.set('file', new Blob([await noise(10, 10).png().toBuffer()]), '../../evil.svg');
      assert.equal((await upload(form)).status, 201);
      const empty = new FormData();
      empty.set('words', 'no file');
      const refused = await upload(empty);
      assert.deepEqual([refused.status, await codeOf(refused)], [415, 'image-not-supported']);
      const large = new FormData();
      large.set('file', new Blob([Buffer.alloc(10 * 1024 * 1024 + 1)]), 'a.jpg');
      const tooLarge = await upload(large);
      assert.deepEqual([tooLarge.status, await codeOf(tooLarge)], [413, 'image-too-large']);
    });

    for (const [what, [code, make]] of Object.entries(bad)) {
      it(`are refused: ${what}`, async () => {
        const response = await upload(await make());
        assert.equal(await codeOf(response), code);
        assert.equal(await kept(), 0);
        assert.equal((await http.get('/healthz')).status, 200);
      });
    }

    it('are refused with another content type', async () => {
      const response = await upload(Buffer.from('{}'), { 'content-type': 'application/json' });
      assert.deepEqual([response.status, await codeOf(response)], [415, 'image-not-supported']);
    });

    it('can be read by the room’s participants only', async () => {
      const { id } = (await (await upload(await noise(9, 9).png().toBuffer())).json()) as {
        id: string;
      };
      const as = async (participant: string, room = 7, at = 7, expiresAt = soon()) =>
        (
          await http.get(
            `/api/v1/rooms/${at}/images/${id}`,
            await bearer(await issueChatToken(key, { room, participant, expiresAt })),
          )
        ).status;
      assert.equal(await as('p-2'), 200, 'another participant of the room');
      assert.equal(await as('p-3', 8, 8), 404, 'another room has no such picture');
      assert.equal(await as('p-3', 8, 7), 403, 'with a token for another room');
      assert.equal(await as('p-3', 7, 7), 403, 'a participant of another room');
      assert.equal(await as('nobody'), 403, 'nobody');
      assert.equal(await as('p-2', 7, 7, Date.now() - 5_000), 401, 'after the expiry');
      assert.equal((await http.get(`/api/v1/rooms/7/images/${id}`)).status, 401);
    });

    it('cannot be read after leaving, but for an hour after the room closed', async () => {
      const picture = await noise(9, 9).png().toBuffer();
      const { id } = (await (await upload(picture)).json()) as { id: string };
      const read = async () => (await http.get(`/api/v1/rooms/7/images/${id}`, headers)).status;
      await test.db.query(`update participants set left_at = now() where id = 'p-1'`);
      assert.equal(await read(), 403);
      assert.equal((await upload(picture)).status, 403);
      await test.db.query(`update participants set left_at = null where id = 'p-1'`);
      await test.db.transaction(async (tx) => {
        await tx.query(`update rooms set closed_at = now() where number = 7`);
        await tx.query(`update participants set left_at = now() where id = 'p-1'`);
      });
      assert.equal(await read(), 200);
      assert.equal((await upload(picture)).status, 403);
      const ago = (time: string) =>
        test.db.query(
          `with r as (update rooms set closed_at = now() - $1::interval where number = 7)
           update participants set left_at = now() - $1::interval where id = 'p-1'`,
          [time],
        );
      await ago('59 minutes');
      assert.equal(await read(), 200, 'for an hour');
      await ago('61 minutes');
      assert.equal(await read(), 403, 'and no longer');
    });

    async function codeOf(response: Response): Promise<string> {
      return ((await response.json()) as { code: string }).code;
    }
  });
});
