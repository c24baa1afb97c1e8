import { expect } from '@open-wc/testing';
import { browserPlatform } from '../../src/platform/browser.ts';
import { Cancellation } from '../../src/platform/cancellation.ts';
import { RtcDeskError } from '../../src/protocol/errors.ts';
import type { VisitorView } from '../../src/protocol/views.ts';
import { backoff } from '../../src/signaling/backoff.ts';
import { SignalingClient } from '../../src/signaling/signaling-client.ts';
import type { Delivery } from '../../src/signaling/signaling.ts';
import { codeOf } from '../support/error-code.ts';
import { FakeClock, settle } from '../support/fake-clock.ts';
import { fakePlatform } from '../support/fake-platform.ts';
import { FakeServer } from '../support/fake-server.ts';
import { CALL_ID, visitorView } from '../support/fake-views.ts';

const END = { type: 'end-call', callId: CALL_ID } as const;

describe('SignalingClient', () => {
  let clock: FakeClock;
  let server: FakeServer;
  let client: SignalingClient<VisitorView>;
  let deliveries: Delivery[];
  let address: string;

  beforeEach(() => {
    clock = new FakeClock();
    server = new FakeServer(clock);
    deliveries = [];
    const platform = fakePlatform(clock, (to) => {
      address = to;
      return server.connect();
    });
    client = new SignalingClient<VisitorView>(platform, {
      server: 'https://desk.example.com/anything',
      hello: (previous) => ({
        type: 'hello',
        protocol: 1,
        role: 'visitor',
        site: 'demo',
        ...(previous ? {} : { fresh: true }),
      }),
      onDelivery: (delivery) => deliveries.push(delivery),
      random: () => 1,
    });
  });

  afterEach(() => {
    client.close();
    expect(clock.pending).to.equal(0);
    expect(server.sockets.size).to.equal(0);
  });

  const state = () => client.getSnapshot().state;
  const begin = async () => {
    client.open();
    await settle();
  };

  it('sends the hello first, to the desk’s address, and is online after the welcome', async () => {
    expect(state()).to.equal('connecting');
    await begin();
    expect(address).to.equal('wss://desk.example.com/ws');
    expect(server.hellos).to.have.length(1);
    expect(state()).to.equal('online');
  });

  it('is fresh only until the first welcome', async () => {
    await begin();
    server.cut();
    await clock.advance(250);
    const fresh = server.hellos.map((hello) => hello.role !== 'console' && hello.fresh);
    expect(fresh).to.deep.equal([true, undefined]);
  });

  it('drops a snapshot that is not newer than the last one', async () => {
    await begin();
    const now = clock.now();
    const deliver = (rev: number, position: number) =>
      server.send({ type: 'snapshot', rev, now, view: visitorView({ position }) });
    deliver(5, 3);
    deliver(4, 9);
    deliver(5, 8);
    await settle();
    expect(client.getSnapshot().view?.call?.position).to.equal(3);
    deliver(6, 2);
    await settle();
    expect(client.getSnapshot().view?.call?.position).to.equal(2);
  });

  it('drops an older snapshot also after a reconnect', async () => {
    await begin();
    server.rev = 9;
    server.show(visitorView({ position: 1 }));
    await settle();
    server.rev = 3;
    server.view = visitorView({ position: 7 });
    server.cut();
    await clock.advance(250);
    expect(client.getSnapshot().view?.call?.position).to.equal(1);
  });

  it('takes the server’s clock from the fastest snapshot', async () => {
    await begin();
    const view = visitorView(null);
    server.send({ type: 'snapshot', rev: 1, now: clock.now() + 900, view });
    server.send({ type: 'snapshot', rev: 2, now: clock.now() + 1000, view });
    server.send({ type: 'snapshot', rev: 3, now: clock.now() + 400, view });
    await settle();
    expect(client.getSnapshot().clockOffset).to.equal(1000);
  });

  it('sends a command again with the same id after a lost connection, until its result comes', async () => {
    let times = 0;
    server.on('end-call', () => (++times < 3 ? undefined : null));
    await begin();
    const ended = client.send(END);
    server.cut();
    await clock.advance(250);
    server.cut();
    await clock.advance(500);
    await ended;
    expect(new Set(server.commands.map(({ id }) => id)).size).to.equal(1);
    expect(server.commands).to.have.length(3);
    server.cut();
    await clock.advance(10_000);
    expect(server.commands).to.have.length(3);
  });

  it('sends a command from before the connection once it is open', async () => {
    const ended = client.send(END);
    await begin();
    await ended;
    expect(server.commands).to.have.length(1);
  });

  it('sends pending commands right after the hello, before the welcome', async () => {
    let then = '';
    server.on('end-call', () => {
      then = state();
      return null;
    });
    const ended = client.send(END);
    await begin();
    await ended;
    expect(then).to.equal('connecting');
  });

  it('rejects with the code of the result', async () => {
    server.on('end-call', () => {
      throw new RtcDeskError('forbidden');
    });
    await begin();
    expect(await codeOf(client.send(END))).to.equal('forbidden');
  });

  it('rejects with offline only if a timeout was set', async () => {
    server.reachable = false;
    await begin();
    let settled = false;
    const patient = client.send(END).then(() => (settled = true));
    const hasty = codeOf(client.send(END, { timeoutMs: 5_000 }));
    await clock.advance(5_000);
    expect(await hasty).to.equal('offline');
    await clock.advance(70_000);
    expect(settled).to.equal(false);
    server.reachable = true;
    await clock.advance(10_000);
    await patient;
    expect(server.commands).to.have.length(1);
  });

  it('does not send a cancelled command again', async () => {
    server.on('end-call', () => undefined);
    await begin();
    const cancellation = new Cancellation();
    const ended = client.send(END, { cancellation });
    cancellation.cancel();
    expect(await codeOf(ended)).to.equal('conflict');
    server.cut();
    await clock.advance(250);
    expect(server.commands).to.have.length(1);
  });

  it('refuses a command that is larger than a frame, and keeps the socket', async () => {
    await begin();
    // 40,000 characters, 80,000 bytes.
    const text = 'é'.repeat(40_000);
    const body = { type: 'chat-send', room: 1, messageId: CALL_ID, text } as const;
    expect(await codeOf(client.send<'chat-send'>(body))).to.equal('bad-message');
    expect(state()).to.equal('online');
  });

  it('drops notices without a connection, and returns false', async () => {
    expect(client.notify({ type: 'typing', room: 1 })).to.equal(false);
    await begin();
    expect(client.notify({ type: 'typing', room: 1 })).to.equal(true);
    expect(server.notices).to.have.length(1);
  });

  it('backs off from 0.25 s to 4 s, and reconnects after 70 s', async () => {
    await begin();
    server.show(visitorView({ position: 2 }));
    await settle();
    server.reachable = false;
    server.cut();
    expect(state()).to.equal('offline');
    const before = server.opened;
    await clock.advance(70_000);
    // 0.25 + 0.5 + 1 + 2 + 4 and then every 4 s: 20 attempts.
    expect(server.opened - before).to.equal(20);
    expect(client.getSnapshot().view?.call?.position).to.equal(2);
    server.reachable = true;
    await clock.advance(4_000);
    expect(state()).to.equal('online');
  });

  it('reconnects at once when the network is back, and when the page becomes visible', async () => {
    server.reachable = false;
    await begin();
    await clock.advance(60_000);
    server.reachable = true;
    window.dispatchEvent(new Event('online'));
    await settle();
    expect(state()).to.equal('online');
    server.cut();
    expect(state()).to.equal('offline');
    document.dispatchEvent(new Event('visibilitychange'));
    await settle();
    expect(state()).to.equal('online');
  });

  it('replaces a socket that answers no ping within 5 s', async () => {
    await begin();
    server.frozen = true;
    await clock.advance(14_999);
    expect(state()).to.equal('online');
    server.frozen = false;
    await clock.advance(1);
    expect(state()).to.equal('offline');
    await clock.advance(250);
    expect(state()).to.equal('online');
  });

  it('keeps a quiet connection whose pings are answered', async () => {
    await begin();
    await clock.advance(300_000);
    expect(server.opened).to.equal(1);
    expect(state()).to.equal('online');
  });

  it('tries again if no welcome comes in time', async () => {
    server.frozen = true;
    await begin();
    await clock.advance(10_000);
    expect(state()).to.equal('offline');
  });

  it('closes for good at a final close, with its reason, and rejects pending commands', async () => {
    await begin();
    server.on('end-call', () => undefined);
    const waiting = codeOf(client.send(END));
    server.cut(4409, 'signed-in-elsewhere');
    expect(client.getSnapshot()).to.include({ state: 'closed', error: 'signed-in-elsewhere' });
    expect(await waiting).to.equal('signed-in-elsewhere');
    expect(await codeOf(client.send(END))).to.equal('signed-in-elsewhere');
    await clock.advance(60_000);
    expect(server.opened).to.equal(1);
  });

  it('takes the error of a final close from its code if the reason is not one of our codes', async () => {
    server.refuse = { code: 4401, reason: 'whatever' };
    await begin();
    expect(client.getSnapshot()).to.include({ state: 'closed', error: 'unauthorized' });
  });

  it('reconnects after a restart, and later if the rate is limited', async () => {
    await begin();
    server.cut(1012);
    await clock.advance(250);
    expect(state()).to.equal('online');
    server.cut(4429, 'rate-limited');
    await clock.advance(9_000);
    expect(state()).to.equal('offline');
    await clock.advance(1_000);
    expect(state()).to.equal('online');
  });

  it('waits as long as the server asks, plus a random time', async () => {
    await begin();
    server.send({ type: 'error', code: 'rate-limited', message: '', retryAfter: 30 });
    await settle();
    server.cut(4429, 'rate-limited');
    await clock.advance(59_000);
    expect(state()).to.equal('offline');
    await clock.advance(1_000);
    expect(state()).to.equal('online');
    expect(backoff(0, () => 0, 30)).to.equal(30_000);
    expect(backoff(0, () => 0.5, 30)).to.equal(45_000);
    expect([0, 3, 9].map((attempt) => backoff(attempt, () => 0.5))).to.eql([125, 1_000, 2_000]);
  });

  it('passes on signals, chat and typing, and ignores unknown messages', async () => {
    await begin();
    server.send({ type: 'typing', room: 1, from: 'a' });
    server.send({ type: 'chat-read', room: 1, marks: [] });
    server.send({ type: 'from-the-future' } as never);
    server.send({ type: 'signal', room: 1, from: 'a', data: { x: 1 } });
    await settle();
    expect(deliveries.map(({ type }) => type)).to.deep.equal(['typing', 'chat-read', 'signal']);
    expect(state()).to.equal('online');
  });

  it('listens to the page only while it is open', async () => {
    const listening = new Set<string>();
    const spied = [window, document].map((target: EventTarget) => {
      const { addEventListener, removeEventListener } = target;
      target.addEventListener = (...args: Parameters<typeof addEventListener>) => {
        listening.add(args[0]);
        addEventListener.apply(target, args);
      };
      target.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
        listening.delete(args[0]);
        removeEventListener.apply(target, args);
      };
      return () => Object.assign(target, { addEventListener, removeEventListener });
    });
    try {
      await begin();
      expect([...listening]).to.deep.equal(['online', 'visibilitychange']);
      client.close();
      expect([...listening]).to.deep.equal([]);
    } finally {
      for (const restore of spied) restore();
    }
  });

  it('is closed at once if the address is invalid', () => {
    const lost = new SignalingClient<VisitorView>(browserPlatform, {
      server: 'not an address',
      hello: () => ({ type: 'hello', protocol: 1, role: 'guest', token: 't' }),
      onDelivery: () => {},
    });
    lost.open();
    expect(lost.getSnapshot()).to.include({ state: 'closed', error: 'offline' });
  });
});
