import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { ConditionWaiter } from './condition-waiter.ts';

/** How long a test waits before it fails. */
const TIMEOUT_MS = 60_000;

export interface FrameOptions {
  readonly fin?: boolean;
  /** The three reserved bits, 0 to 7. */
  readonly reserved?: number;
  readonly masked?: boolean;
  /** The length that the header claims, if it is not the real one. */
  readonly length?: number;
}

export const TEXT = 0x1;
export const CONTINUATION = 0x0;
export const CLOSE = 0x8;
export const PING = 0x9;

/** A frame of RFC 6455, valid or not. */
export function frame(
  opcode: number,
  payload: string | Buffer = '',
  options: FrameOptions = {},
): Buffer {
  const { fin = true, reserved = 0, masked = true } = options;
  const body = Buffer.from(payload);
  const length = options.length ?? body.length;
  const first = (fin ? 0x80 : 0) | (reserved << 4) | opcode;
  const flag = masked ? 0x80 : 0;
  const head =
    length < 126
      ? Buffer.from([first, flag | length])
      : length < 65_536
        ? Buffer.from([first, flag | 126, length >> 8, length & 0xff])
        : Buffer.concat([Buffer.from([first, flag | 127]), Buffer.alloc(8)]);
  if (length >= 65_536) head.writeBigUInt64BE(BigInt(length), 2);
  if (!masked) return Buffer.concat([head, body]);
  const mask = randomBytes(4);
  return Buffer.concat([head, mask, body.map((byte, i) => byte ^ (mask[i % 4] ?? 0))]);
}

/** The request that opens a signaling socket, with further header lines. */
export function upgrade(path = '/ws', lines: readonly string[] = []): string {
  return [
    `GET ${path} HTTP/1.1`,
    'Host: localhost',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    ...lines,
    '',
    '',
  ].join('\r\n');
}

/** A TCP connection that sends raw bytes, and keeps the answer. */
export class RawSocket {
  #bytes = Buffer.alloc(0);
  #ended = false;
  readonly #received = new ConditionWaiter(TIMEOUT_MS, () => this.text.slice(-500));

  private constructor(private readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => {
      this.#bytes = Buffer.concat([this.#bytes, chunk]);
      this.#received.check();
    });
    socket.on('close', () => {
      this.#ended = true;
      this.#received.check();
    });
    // 'close' follows a reset too.
    socket.on('error', () => {});
  }

  static async open(url: string, first: string | Buffer = ''): Promise<RawSocket> {
    const raw = new RawSocket(connect(Number(new URL(url).port), '127.0.0.1'));
    if (first.length > 0) raw.send(first);
    return raw;
  }

  /** A socket after the upgrade; with `hello` also after the first snapshot. */
  static async upgraded(url: string, hello?: object): Promise<RawSocket> {
    const raw = await RawSocket.open(url, upgrade());
    await raw.until('the upgrade', () => raw.head.startsWith('HTTP/1.1 101'));
    if (hello) {
      raw.send(frame(TEXT, JSON.stringify({ type: 'hello', protocol: 1, ...hello })));
      await raw.until('the first snapshot', () => raw.text.includes('"type":"snapshot"'));
    }
    return raw;
  }

  send(bytes: string | Buffer): void {
    if (!this.socket.destroyed) this.socket.write(bytes);
  }

  pause(): void {
    this.socket.pause();
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** All bytes that came, as latin1 text. */
  get text(): string {
    return this.#bytes.toString('latin1');
  }

  /** The head of the HTTP answer. */
  get head(): string {
    return this.text.split('\r\n\r\n', 1)[0] ?? '';
  }

  /** The code of the close frame that came after the upgrade; null if none came. */
  get closeCode(): number | null {
    const start = this.#bytes.indexOf('\r\n\r\n') + 4;
    for (let at = start; at + 2 <= this.#bytes.length;) {
      const opcode = (this.#bytes[at] ?? 0) & 0xf;
      let length = (this.#bytes[at + 1] ?? 0) & 0x7f;
      let head = 2;
      if (length === 126) [length, head] = [this.#bytes.readUInt16BE(at + 2), 4];
      else if (length === 127) [length, head] = [Number(this.#bytes.readBigUInt64BE(at + 2)), 10];
      if (opcode === CLOSE && length >= 2 && at + head + 2 <= this.#bytes.length) {
        return this.#bytes.readUInt16BE(at + head);
      }
      at += head + length;
    }
    return null;
  }

  /** Resolves as soon as `condition` holds. It is checked after each chunk, and when the connection has ended. */
  until(what: string, condition: () => boolean): Promise<void> {
    return this.#received.until(what, condition);
  }

  /** Resolves when the server has ended the connection or sent a close frame. */
  async untilEnd(): Promise<void> {
    await this.until('the end', () => this.#ended || this.closeCode !== null);
    this.destroy();
  }

  destroy(): void {
    this.socket.destroy();
  }
}
