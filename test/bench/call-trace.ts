import type { Page } from 'puppeteer-core';
import { median } from './result.ts';

/** Something that happened in a page. */
interface TraceEvent {
  /** ms since 1970, with fractions. Both browsers run on one machine. */
  readonly at: number;
  readonly kind: 'press' | 'devices' | 'in' | 'out' | 'ice-checking' | 'connected' | 'first-frame';
  /** Of a frame. */
  readonly type?: string;
  readonly id?: string;
  /** Whether the frame carries a session description. */
  readonly sdp?: boolean;
  /** The call's state, as a snapshot shows it. */
  readonly state?: string | null;
  readonly ticket?: boolean;
  /** A signal's data. */
  readonly data?: string;
}

interface Trace {
  events: TraceEvent[];
  /** Main-thread tasks over 50 ms: start and length. */
  longTasks: { at: number; ms: number }[];
}

/**
 * Runs in each page before its scripts: records the first press, what goes over the socket, and how far the media are.
 * The same code measures the product and the bare loop.
 */
export function recordTrace(): void {
  const trace: Trace = { events: [], longTasks: [] };
  const now = (): number => performance.timeOrigin + performance.now();
  const add = (kind: TraceEvent['kind'], more: object = {}): void => {
    trace.events.push({ at: now(), kind, ...more });
  };
  Object.assign(window, { __trace: trace });
  addEventListener('click', () => add('press'), { capture: true });
  const { mediaDevices } = navigator;
  if (mediaDevices) {
    const ask = mediaDevices.getUserMedia.bind(mediaDevices);
    mediaDevices.getUserMedia = async (constraints) => {
      const stream = await ask(constraints);
      add('devices');
      return stream;
    };
  }
  const describe = (text: string): object => {
    const frame = JSON.parse(text) as Record<string, unknown>;
    const view = frame['view'] as
      { call?: { state?: string } | null; legs?: unknown[] } | undefined;
    const leg = (view?.legs ?? [])[0] as { state?: string } | undefined;
    return {
      type: frame['type'],
      id: frame['id'],
      sdp: text.includes('a=fingerprint'),
      state: view?.call?.state ?? leg?.state ?? null,
      ticket: text.includes('"ticket":{'),
      data: frame['type'] === 'signal' ? JSON.stringify(frame['data']) : undefined,
    };
  };
  const NativeSocket = window.WebSocket;
  window.WebSocket = class extends NativeSocket {
    constructor(address: string | URL, protocols?: string | string[]) {
      super(address, protocols);
      this.addEventListener('message', ({ data }) => add('in', describe(String(data))));
    }
    override send(data: string): void {
      add('out', describe(data));
      super.send(data);
    }
  };
  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      this.addEventListener('iceconnectionstatechange', () => {
        if (this.iceConnectionState === 'checking') add('ice-checking');
      });
      this.addEventListener('connectionstatechange', () => {
        if (this.connectionState === 'connected') add('connected');
      });
      this.addEventListener('track', ({ track }) => {
        if (track.kind !== 'video') return;
        const video = document.createElement('video');
        video.muted = true;
        video.srcObject = new MediaStream([track]);
        video.requestVideoFrameCallback(() => add('first-frame'));
        void video.play();
      });
    }
  };
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) {
      trace.longTasks.push({ at: performance.timeOrigin + startTime, ms: duration });
    }
  }).observe({ type: 'longtask' });
}

export function readTrace(page: Page): Promise<Trace> {
  return page.evaluate(() => (window as unknown as { __trace: Trace }).__trace);
}

/** Forgets what was recorded: a desk stays open over many calls. */
export async function clearTrace(page: Page): Promise<void> {
  await page.evaluate(() => {
    const { __trace: trace } = window as unknown as { __trace: Trace };
    trace.events.length = trace.longTasks.length = 0;
  });
}

/** Waits until the page has presented a remote frame. Rejects after 60 s. */
export async function firstFrameIn(page: Page): Promise<void> {
  await page.waitForFunction(
    () =>
      (window as unknown as { __trace: Trace }).__trace.events.some(
        ({ kind }) => kind === 'first-frame',
      ),
    { polling: 50, timeout: 60_000 },
  );
}

/** One call, from both sides. Times are ms after the press. */
export interface CallTrace {
  readonly firstFrame: number;
  /** One-way messages over the open socket, of which each had to wait for the one before, to the first ICE check. */
  readonly messages: number;
  readonly steps: ReadonlyMap<string, number>;
  /** The longest task of the desk between the accept and the visitor's first frame; 0 if none took 50 ms. */
  readonly longestTask: number;
}

type Side = 'visitor' | 'agent';
type SidedEvent = TraceEvent & { readonly side: Side };

/** The first press counts: later ones leave the call. */
export function readCall(visitor: Trace, agent: Trace): CallTrace {
  const pressed = visitor.events.find(({ kind }) => kind === 'press')?.at ?? NaN;
  const events = [
    ...visitor.events.map((event): SidedEvent => ({ ...event, side: 'visitor' })),
    ...agent.events.map((event): SidedEvent => ({ ...event, side: 'agent' })),
  ]
    .filter(({ at }) => at >= pressed)
    .sort((one, other) => one.at - other.at);
  const find = (side: Side, wanted: (event: SidedEvent) => boolean | undefined) =>
    events.find((event) => event.side === side && wanted(event));
  const out = (type: string) => (event: SidedEvent) => event.kind === 'out' && event.type === type;
  const kind = (wanted: TraceEvent['kind']) => (event: SidedEvent) => event.kind === wanted;
  const shows = (state: string) => (event: SidedEvent) =>
    event.type === 'snapshot' && event.state === state;
  const milestones: readonly [string, SidedEvent | undefined][] = [
    ['visitor’s socket is open, request-call sent', find('visitor', out('request-call'))],
    ['visitor has camera and microphone', find('visitor', kind('devices'))],
    ['agent has the offer', find('agent', shows('offered'))],
    ['agent accepts', find('agent', out('accept-offer'))],
    ['agent has the ticket', find('agent', ({ type, ticket }) => type === 'snapshot' && ticket)],
    ['agent has camera and microphone', find('agent', kind('devices'))],
    ['visitor has `ready`', find('visitor', shows('ready'))],
    ['visitor enters', find('visitor', out('enter-room'))],
    ['visitor’s first signal leaves', find('visitor', out('signal'))],
    ['agent has the visitor’s description', find('agent', ({ kind, sdp }) => kind === 'in' && sdp)],
    ['visitor’s first ICE check', find('visitor', kind('ice-checking'))],
    ['agent’s first ICE check', find('agent', kind('ice-checking'))],
    ['visitor is connected', find('visitor', kind('connected'))],
    ['visitor’s first frame', find('visitor', kind('first-frame'))],
  ];
  const first = find('visitor', kind('first-frame'))?.at ?? NaN;
  const accepted = find('agent', out('accept-offer'))?.at ?? NaN;
  const tasks = agent.longTasks.filter(({ at, ms }) => at + ms > accepted && at < first);
  return {
    firstFrame: first - pressed,
    messages: Math.max(...(['visitor', 'agent'] as const).map((side) => chainTo(side, events))),
    steps: new Map(
      milestones.flatMap(([name, event]) => (event ? [[name, event.at - pressed]] : [])),
    ),
    longestTask: Math.max(0, ...tasks.map(({ ms }) => ms)),
  };
}

/**
 * Walks back from a page's first ICE check to the press, and counts the messages. The check follows from the first
 * description that arrived; a frame that was sent follows from what arrived in that page before, and an answer from the
 * description that it answers; what arrived follows from the command or the signal that caused it.
 */
function chainTo(side: Side, events: readonly SidedEvent[]): number {
  const check = events.find((event) => event.side === side && event.kind === 'ice-checking');
  let next = events.find(
    (event) =>
      event.side === side && event.kind === 'in' && event.sdp && check && event.at < check.at,
  );
  let messages = 0;
  while (next) {
    const arrived: SidedEvent = next;
    const sent = events.findLast((event) => event.at < arrived.at && caused(event, arrived));
    if (!sent) return messages + 1;
    messages += 2;
    const answers = sent.data?.includes('"kind":"answer"');
    next = events.findLast(
      (event) =>
        event.at < sent.at &&
        event.side === sent.side &&
        event.kind === 'in' &&
        (answers ? event.sdp : moves(event)),
    );
    if (sent.type === 'request-call') return messages;
  }
  return messages;
}

function caused(sent: SidedEvent, arrived: SidedEvent): boolean {
  if (sent.kind !== 'out') return false;
  switch (arrived.type) {
    case 'result':
      return sent.side === arrived.side && sent.id === arrived.id;
    case 'signal':
      return sent.side !== arrived.side && sent.data === arrived.data;
    default:
      return sent.id !== undefined;
  }
}

/** What lets a page go on: not a chat message or a pong. */
const moves = ({ type }: SidedEvent): boolean =>
  type === 'snapshot' || type === 'result' || type === 'signal';

/** The steps of a median call, one in a line. */
export function describeSteps(calls: readonly CallTrace[]): string[] {
  const names = [...new Set(calls.flatMap(({ steps }) => [...steps.keys()]))];
  return names
    .map((name) => ({ name, at: median(calls.flatMap(({ steps }) => steps.get(name) ?? [])) }))
    .sort((one, other) => one.at - other.at)
    .map(({ name, at }) => `    ${Math.round(at).toString().padStart(6)} ms  ${name}`);
}
