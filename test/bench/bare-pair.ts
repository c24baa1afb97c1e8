import type { Page } from 'puppeteer-core';
import { WebSocketServer } from 'ws';
import { FaultProxy } from '../support/fault-proxy.ts';
import { listenOnLoopback } from '../support/loopback.ts';
import { firstFrameIn, readTrace, recordTrace } from './call-trace.ts';

/** The people of a bare pair, each in a page of a browser of their own. */
interface BarePages {
  readonly visitor: Page;
  readonly agent: Page;
}

/**
 * The least that two people in two browsers need: their devices, one peer connection each, and a server that hands every
 * message to the other one. The call goes as in the product: the visitor asks, the agent makes the offer, the visitor
 * answers, each message after the one before.
 */
export class BarePair {
  private constructor(
    private readonly pages: BarePages,
    private readonly proxy: FaultProxy,
    private readonly stopRelay: () => Promise<void>,
  ) {}

  static async start(pages: BarePages): Promise<BarePair> {
    const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
    sockets.on('connection', (socket) => {
      socket.on('message', (data: Buffer) => {
        for (const other of sockets.clients) if (other !== socket) other.send(data.toString());
      });
    });
    const relay = await listenOnLoopback(
      (_request, response) =>
        void response.setHeader('content-type', 'text/html').end('<!doctype html><title>A</title>'),
      {
        attach: (server) =>
          void server.on('upgrade', (request, socket, head) =>
            sockets.handleUpgrade(request, socket, head, (opened) =>
              sockets.emit('connection', opened),
            ),
          ),
      },
    );
    const proxy = await FaultProxy.start(Number(relay.host.split(':')[1]));
    await pages.agent.evaluateOnNewDocument('globalThis.__name = (marked) => marked');
    await pages.agent.evaluateOnNewDocument(recordTrace);
    return new BarePair(pages, proxy, () => relay.close());
  }

  async setCondition(throttling: number, delay: number): Promise<void> {
    await this.pages.agent.emulateCPUThrottling(throttling);
    this.proxy.delay(delay);
  }

  /** The ms from the visitor's press to the first frame of the agent. */
  async call(): Promise<number> {
    const { visitor, agent } = this.pages;
    for (const page of [agent, visitor]) await page.goto(this.proxy.url, { waitUntil: 'load' });
    await agent.evaluate(join, 'agent');
    await visitor.evaluate(join, 'visitor');
    await visitor.mouse.click(5, 5);
    await firstFrameIn(visitor);
    const { events } = await readTrace(visitor);
    const at = (kind: string) => events.find((event) => event.kind === kind)!.at;
    await agent.goto('about:blank');
    return at('first-frame') - at('press');
  }

  async close(): Promise<void> {
    await this.proxy.close();
    await this.stopRelay();
  }
}

/** Runs in the page. The socket is open before the press, as the product's may be. */
async function join(role: string): Promise<void> {
  const socket = new WebSocket(`ws://${location.host}`);
  await new Promise((resolve) => socket.addEventListener('open', resolve));
  const send = (message: object): void => socket.send(JSON.stringify(message));
  const connection = new RTCPeerConnection();
  const early: RTCIceCandidateInit[] = [];
  let described = false;
  const accept = async (description: RTCSessionDescriptionInit): Promise<void> => {
    await connection.setRemoteDescription(description);
    described = true;
    for (const candidate of early) void connection.addIceCandidate(candidate);
  };
  const openDevices = async (): Promise<void> => {
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: true,
      video: { width: { ideal: 1280 }, height: { ideal: 720 } },
    });
    for (const track of stream.getTracks()) connection.addTrack(track, stream);
  };
  connection.onicecandidate = ({ candidate }) => candidate && send({ candidate });
  let devices: Promise<void> | null = null;
  socket.addEventListener('message', ({ data }) => {
    const { request, description, candidate } = JSON.parse(String(data)) as {
      request?: boolean;
      description?: RTCSessionDescriptionInit;
      candidate?: RTCIceCandidateInit;
    };
    const handle = async (): Promise<void> => {
      if (request) {
        await openDevices();
        await connection.setLocalDescription();
        send({ description: connection.localDescription });
      } else if (description) {
        await devices;
        await accept(description);
        if (role === 'agent') return;
        await connection.setLocalDescription();
        send({ description: connection.localDescription });
      } else if (candidate) {
        if (described) await connection.addIceCandidate(candidate);
        else early.push(candidate);
      }
    };
    void handle();
  });
  if (role === 'visitor') {
    addEventListener('click', () => {
      devices = openDevices();
      send({ request: true });
    });
  }
}
