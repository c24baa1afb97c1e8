import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { Arrivals } from './arrivals.ts';

/** How long an end may take to come before the test is told what did; nothing is measured by it. */
const PATIENCE = 60_000;

export interface FrameOptions {
  readonly fin?: boolean;
  /** The three reserved bits, 0 to 7. */
  readonly reserved?: number;
  readonly masked?: boolean;
  /** What the header says, where it is not the truth. */
  readonly length?: number;
}

export const TEXT = 0x1;
export const CONTINUATION = 0x0;
export const CLOSE = 0x8;
export const PING = 0x9;

/** A frame of RFC 6455, also one that no library would make. */
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

/** The request that opens a signaling socket, with other or further lines where a test wants them. */
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

/** A TCP connection that sends what it is told to, and keeps what comes back. */
export class RawSocket {
  #received = Buffer.alloc(0);
  #ended = false;
  readonly #arrivals = new Arrivals(PATIENCE, () => this.text.slice(-500));

  private constructor(private readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#arrivals.note();
    });
    socket.on('close', () => {
      this.#ended = true;
      this.#arrivals.note();
    });
    // A reset is an end like any other: 'close' follows.
    socket.on('error', () => {});
  }

  static async open(url: string, first: string | Buffer = ''): Promise<RawSocket> {
    const raw = new RawSocket(connect(Number(new URL(url).port), '127.0.0.1'));
    if (first.length > 0) raw.send(first);
    return raw;
  }

  /** After the upgrade, and what `hello` says. */
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

  /** Everything that came, as far as it is text. */
  get text(): string {
    return this.#received.toString('latin1');
  }

  /** Of the answer to the upgrade. */
  get head(): string {
    return this.text.split('\r\n\r\n', 1)[0] ?? '';
  }

  /** The code of the close frame that came after the upgrade; null where none did. */
  get closeCode(): number | null {
    const start = this.#received.indexOf('\r\n\r\n') + 4;
    for (let at = start; at + 2 <= this.#received.length;) {
      const opcode = (this.#received[at] ?? 0) & 0xf;
      let length = (this.#received[at + 1] ?? 0) & 0x7f;
      let head = 2;
      if (length === 126) [length, head] = [this.#received.readUInt16BE(at + 2), 4];
      else if (length === 127)
        [length, head] = [Number(this.#received.readBigUInt64BE(at + 2)), 10];
      if (opcode === CLOSE && length >= 2 && at + head + 2 <= this.#received.length) {
        return this.#received.readUInt16BE(at + head);
      }
      at += head + length;
    }
    return null;
  }

  /** Resolves as soon as `condition` holds, looking whenever something has come or the connection has ended. */
  until(what: string, condition: () => boolean): Promise<void> {
    return this.#arrivals.until(what, condition);
  }

  /** Resolves when the other side has ended the connection; a frame that says goodbye is answered by this side's end. */
  async untilEnd(): Promise<void> {
    await this.until('the end', () => this.#ended || this.closeCode !== null);
    this.destroy();
  }

  destroy(): void {
    this.socket.destroy();
  }
}
