import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, afterEach, before, describe, it } from 'node:test';
import { DemoCall } from '../../support/demo-call.ts';
import { DeskCommand } from '../../support/desk-command.ts';
import { freshDataDirectory } from '../../support/fresh-data-directory.ts';
import {
  CLOSE,
  CONTINUATION,
  PING,
  RawSocket,
  TEXT,
  frame,
  upgrade,
} from '../../support/raw-socket.ts';

const VISITOR = { role: 'visitor', site: 'demo' };
const hello = JSON.stringify({ type: 'hello', protocol: 1, ...VISITOR });
const ping = '{"type":"ping"}';
const half = (text: string): [string, string] => [text.slice(0, 20), text.slice(20)];
const badUtf8 = Buffer.from([0xce, 0xba, 0xe1, 0xbd, 0xb9, 0xed, 0xa0, 0x80]);

/** Bytes that break RFC 6455 or our limits, with the close code that answers them. */
const broken: Record<string, [code: number, bytes: () => Buffer]> = {
  'an unmasked frame': [1002, () => frame(TEXT, ping, { masked: false })],
  'a reserved bit': [1002, () => frame(TEXT, ping, { reserved: 4 })],
  'all reserved bits': [1002, () => frame(TEXT, ping, { reserved: 7 })],
  'a reserved opcode': [1002, () => frame(0x3, ping)],
  'a reserved control opcode': [1002, () => frame(0xb, '')],
  'text that is no UTF-8': [1007, () => frame(TEXT, badUtf8)],
  'text that is no UTF-8 over two fragments': [
    1007,
    () =>
      Buffer.concat([
        frame(TEXT, badUtf8.subarray(0, 3), { fin: false }),
        frame(CONTINUATION, badUtf8.subarray(3)),
      ]),
  ],
  'a frame of 64 KiB and a byte': [1009, () => frame(TEXT, 'x'.repeat(65_537))],
  'a header that promises a terabyte': [1009, () => frame(TEXT, 'x', { length: 2 ** 40 })],
  'a length beyond every number': [1009, () => frame(TEXT, 'x', { length: 2 ** 60 })],
  'fragments that are too much together': [
    1009,
    () =>
      Buffer.concat([
        frame(TEXT, 'x'.repeat(40_000), { fin: false }),
        frame(CONTINUATION, 'x'.repeat(40_000)),
      ]),
  ],
  'a message in 10,000 fragments': [
    1008,
    () =>
      Buffer.concat([
        frame(TEXT, '{', { fin: false }),
        ...Array.from({ length: 10_000 }, () => frame(CONTINUATION, ' ', { fin: false })),
      ]),
  ],
  'a continuation of nothing': [1002, () => frame(CONTINUATION, ping)],
  'a message within a message': [
    1002,
    () => Buffer.concat([frame(TEXT, '{', { fin: false }), frame(TEXT, ping)]),
  ],
  'a ping in fragments': [1002, () => frame(PING, 'x', { fin: false })],
  'a ping that is too long': [1002, () => frame(PING, 'x'.repeat(126))],
  'a close frame of one byte': [1002, () => frame(CLOSE, 'x')],
  'a close code that nobody may send': [1002, () => frame(CLOSE, Buffer.from([0x03, 0xed]))],
  'a close reason that is no UTF-8': [
    1007,
    () => frame(CLOSE, Buffer.concat([Buffer.from([3, 232]), badUtf8])),
  ],
  'a binary frame': [4400, () => frame(0x2, randomBytes(100))],
  noise: [1002, () => Buffer.concat([Buffer.from([0xff, 0x00]), Buffer.alloc(4_096, 0xff)])],
  'HTTP where frames belong': [1002, () => Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')],
};

/** Invalid upgrades, with the status of the answer. */
const refused: Record<string, [status: string, request: string]> = {
  'on another path': ['404', upgrade('/elsewhere')],
  'on a path that begins like it': ['404', upgrade('/ws/../etc')],
  'on a path with two slashes': ['404', upgrade('//ws')],
  'on a path that is encoded': ['404', upgrade('/%77s')],
  'on the root': ['404', upgrade('/')],
  'by POST': ['405', upgrade().replace('GET', 'POST')],
  'without a key': ['400', upgrade().replace(/Sec-WebSocket-Key.*\r\n/, '')],
  'with a key of the wrong length': ['400', upgrade().replace(/(Key: ).*/, '$1abc')],
  'of another version': ['4(00|26)', upgrade().replace('Version: 13', 'Version: 99')],
  'to something else': ['400', upgrade().replace('Upgrade: websocket', 'Upgrade: h2c')],
  'with a giant header': ['431', upgrade('/ws', [`X: ${'x'.repeat(40_000)}`])],
  'with 2,000 headers': [
    '431',
    upgrade(
      '/ws',
      Array.from({ length: 2_000 }, (_, i) => `X-Header-${i}: value`),
    ),
  ],
  'with a line break in a header': ['400', upgrade('/ws', ['X: a\rSet-Cookie: b'])],
  'with a body of two lengths': ['400', upgrade('/ws', ['Content-Length: 1', 'Content-Length: 2'])],
};

describe('bytes that a correct client never sends', () => {
  let directory: Awaited<ReturnType<typeof freshDataDirectory>>;
  let server: DeskCommand | null = null;
  let url = '';
  let call: DemoCall;
  /** Sockets that send nothing or half a request from the beginning on. They are checked last, after their timeout. */
  let mute: RawSocket[] = [];

  before(async () => {
    directory = await freshDataDirectory();
    const where = ['--port', '0', '--data-dir', directory.dataDir];
    server = new DeskCommand(['serve', '--demo', ...where], {
      LOG_LEVEL: 'trace',
      MAX_SOCKETS_PER_ADDRESS: '5000',
    });
    url = await server.listening();
    mute = [
      await RawSocket.open(url),
      await RawSocket.open(url, 'G'),
      await RawSocket.open(url, upgrade().slice(0, 60)),
      await RawSocket.open(url, upgrade().slice(0, -2)),
    ];
    call = await DemoCall.begin(url);
  });
  // The same process still serves, and its call goes on.
  afterEach(async () => {
    await call.goesOn();
    assert.equal((await fetch(`${url}/readyz`)).status, 200);
  });
  after(async () => {
    for (const socket of mute) socket.destroy();
    await call?.end();
    await server?.dispose();
    await directory?.remove();
  });

  it('end their own socket with the fitting close code, before the hello and after it', async () => {
    for (const [what, [code, bytes]] of Object.entries(broken)) {
      for (const body of [undefined, VISITOR]) {
        // A binary frame after the hello is only refused.
        if (code === 4400 && body) continue;
        const raw = await RawSocket.upgraded(url, body);
        raw.send(bytes());
        await raw.untilEnd();
        assert.equal(raw.closeCode, code, `${what}${body ? ' after the hello' : ''}`);
      }
    }
  });

  it('are put together if only the network split them', async () => {
    const [first, rest] = half(hello);
    const inFragments = [frame(TEXT, first, { fin: false }), frame(CONTINUATION, rest)];
    const byteByByte = [...frame(TEXT, hello)].map((byte) => Buffer.from([byte]));
    for (const pieces of [inFragments, byteByByte]) {
      const raw = await RawSocket.upgraded(url);
      for (const piece of pieces) raw.send(piece);
      await raw.until('the welcome', () => raw.text.includes('"type":"welcome"'));
      raw.destroy();
    }
    const atOnce = await RawSocket.open(
      url,
      Buffer.concat([Buffer.from(upgrade()), frame(TEXT, hello), frame(TEXT, ping)]),
    );
    await atOnce.until('the pong', () => atOnce.text.includes('"type":"pong"'));
    atOnce.destroy();
  });

  it('open no socket with an invalid upgrade', async () => {
    for (const [what, [status, request]] of Object.entries(refused)) {
      const raw = await RawSocket.open(url, request);
      await raw.until('the end', () => raw.ended);
      assert.match(raw.head, new RegExp(`^HTTP/1\\.1 ${status} `), `${what}: ${raw.head}`);
      assert.doesNotMatch(raw.head, /set-cookie|101 Switching/i, what);
    }
  });

  it('that come as a flood of pings, empty messages or pongs disturb nobody else', async () => {
    const flood = (one: Buffer) => Buffer.concat(Array.from({ length: 20_000 }, () => one));
    for (const one of [frame(PING, 'x'.repeat(125)), frame(TEXT, ''), frame(TEXT, ping)]) {
      const raw = await RawSocket.upgraded(url, VISITOR);
      raw.send(flood(one));
      await raw.untilEnd();
      assert.ok(raw.closeCode === 4400 || raw.closeCode === 4429, String(raw.closeCode));
    }
    const pongs = await RawSocket.upgraded(url, VISITOR);
    pongs.send(flood(frame(0xa, 'x')));
    pongs.send(frame(TEXT, ping));
    await pongs.until('the pong', () => pongs.text.includes('"type":"pong"'));
    pongs.destroy();
  });

  it('may be none: a thousand silent sockets are closed, and new visitors are let in', async () => {
    const silent = await Promise.all(Array.from({ length: 1_000 }, () => RawSocket.upgraded(url)));
    await call.goesOn();
    const visitor = await RawSocket.upgraded(url, VISITOR);
    for (const raw of silent) {
      await raw.untilEnd();
      assert.equal(raw.closeCode, 4408);
    }
    visitor.destroy();
  });

  it('may stop half-way: a request that is never finished is cut', async () => {
    for (const raw of mute) {
      await raw.until('the end', () => raw.ended);
      assert.match(raw.head, /^(HTTP\/1\.1 408 |$)/);
    }
  });

  it('leave a log with one entry in each line, and no secret', () => {
    const lines = (server?.stderr ?? '').split('\n').filter(Boolean);
    for (const line of lines) {
      assert.equal(typeof (JSON.parse(line) as { level: number }).level, 'number');
      assert.doesNotMatch(line, /[\u0000-\u001f\u007f-\u009f]|Set-Cookie/);
    }
  });
});
