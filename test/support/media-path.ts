import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import type { AddressInfo } from 'node:net';
import type { Page } from 'puppeteer-core';

interface Address {
  readonly address: string;
  readonly port: number;
}

/** An address of this machine that a browser uses for media. */
const OWN_ADDRESS =
  Object.values(networkInterfaces())
    .flatMap((one) => one ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1';

/** Hands packets on between one ICE candidate and whoever sends to it, as a NAT does. */
class Relay {
  #peer: RemoteInfo | null = null;
  open = true;

  private constructor(
    private readonly socket: Socket,
    private readonly target: Address,
    private readonly carries: () => boolean,
  ) {
    socket.on('message', (packet, from) => this.#handle(packet, from));
  }

  static async start(target: Address, carries: () => boolean): Promise<Relay> {
    const socket = createSocket('udp4');
    socket.bind(0);
    await once(socket, 'listening');
    return new Relay(socket, target, carries);
  }

  get port(): number {
    return (this.socket.address() as AddressInfo).port;
  }

  close(): void {
    this.socket.close();
  }

  #handle(packet: Buffer, from: RemoteInfo): void {
    const fromTarget = from.port === this.target.port;
    if (!fromTarget) this.#peer = from;
    const to = fromTarget ? this.#peer : this.target;
    if (to && this.open && this.carries()) this.socket.send(packet, to.port, to.address);
  }
}

/**
 * The way of the media between browsers of this machine, through this process. Each ICE candidate that a page is told of
 * is replaced by a relay to it, so that a test can cut the way or change it.
 */
export class MediaPath {
  readonly #relays = new Map<number, Promise<Relay>>();
  readonly #all: Promise<Relay>[] = [];
  #whole = true;
  #loss = 0;

  /** To be called before the page loads its scripts. */
  async install(page: Page): Promise<void> {
    await page.exposeFunction('__relay', (port: number) => this.#relayTo(port));
    await page.evaluateOnNewDocument(rerouteCandidates);
  }

  /** Drops every packet until `mend`. */
  cut(): void {
    this.#whole = false;
  }

  mend(): void {
    this.#whole = true;
  }

  /** From now on this share of the packets is lost, 0 to 1. */
  lose(share: number): void {
    this.#loss = share;
  }

  /**
   * The addresses so far lead nowhere any more, as after a change of the network, also if a page is told of them again.
   * New candidates work.
   */
  async change(): Promise<void> {
    for (const relay of await Promise.all(this.#all)) relay.open = false;
  }

  async close(): Promise<void> {
    for (const relay of await Promise.all(this.#all)) relay.close();
  }

  async #relayTo(port: number): Promise<Address> {
    let relay = this.#relays.get(port);
    if (!relay) {
      relay = Relay.start(
        { address: OWN_ADDRESS, port },
        () => this.#whole && Math.random() >= this.#loss,
      );
      this.#relays.set(port, relay);
      this.#all.push(relay);
    }
    return { address: OWN_ADDRESS, port: (await relay).port };
  }
}

/** Runs in each page before its scripts. Candidates of TCP and IPv6 are left out: they would lead past the relays. */
function rerouteCandidates(): void {
  const { __relay: relayTo } = window as unknown as {
    __relay: (port: number) => Promise<{ address: string; port: number }>;
  };
  const reroute = async (line: string): Promise<string | null> => {
    const parts = line.split(' ');
    if (parts[2]?.toLowerCase() !== 'udp' || parts[4]?.includes(':')) return null;
    const { address, port } = await relayTo(Number(parts[5]));
    return [...parts.slice(0, 4), address, port, ...parts.slice(6)].join(' ');
  };
  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    override async addIceCandidate(candidate?: RTCIceCandidateInit | null): Promise<void> {
      const line = candidate?.candidate;
      if (!line) return super.addIceCandidate(candidate ?? undefined);
      const rerouted = await reroute(line);
      if (rerouted) await super.addIceCandidate({ ...candidate, candidate: rerouted });
    }

    override async setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
      const lines = await Promise.all(
        (description.sdp ?? '')
          .split('\r\n')
          .map((line) => (line.startsWith('a=candidate:') ? reroute(line) : line)),
      );
      const sdp = lines.filter((line) => line !== null).join('\r\n');
      await super.setRemoteDescription({ type: description.type, sdp });
    }
  };
}

/** Begins to note when the page presents frames of others. */
export async function recordFrames(page: Page): Promise<void> {
  await page.evaluate(() => {
    const { __peerConnections: connections } = window as unknown as {
      __peerConnections: RTCPeerConnection[];
    };
    const frames: number[] = [];
    Object.assign(window, { __frames: frames });
    const receivers = connections.flatMap((connection) => connection.getReceivers());
    for (const { track } of receivers.filter((receiver) => receiver.track.kind === 'video')) {
      const video = document.createElement('video');
      video.muted = true;
      video.srcObject = new MediaStream([track]);
      const note = (): void => {
        frames.push(performance.timeOrigin + performance.now());
        video.requestVideoFrameCallback(note);
      };
      video.requestVideoFrameCallback(note);
      void video.play();
    }
  });
}

/**
 * When the picture was back: the first frame after a gap of at least 500 ms that ends after `since`; ms since 1970.
 * Rejects after 60 s.
 */
export async function pictureBack(page: Page, since: number): Promise<number> {
  const found = await page.waitForFunction(
    (after) => {
      const { __frames: frames } = window as unknown as { __frames: number[] };
      return frames.find((at, i) => at > after && at - (frames[i - 1] ?? at) >= 500);
    },
    { polling: 50, timeout: 60_000 },
    since,
  );
  return (await found.jsonValue()) as number;
}
