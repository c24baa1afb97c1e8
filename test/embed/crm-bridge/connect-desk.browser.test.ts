import { expect, oneEvent, waitUntil } from '@open-wc/testing';
import { connectDesk, RtcDeskError, type DeskConnection } from '../../../src/embed/crm-bridge.ts';
import type {} from './desk-page.ts';
import type { StandInDesk } from './stand-in-desk.ts';

const PAGE = new URL('./desk-page.html', import.meta.url).href;

const failureOf = (promise: Promise<unknown>): Promise<RtcDeskError> =>
  promise.then(
    () => Promise.reject(new Error('it did not fail')),
    (error: unknown) => error as RtcDeskError,
  );

describe('connectDesk', () => {
  let iframe: HTMLIFrameElement;
  let desk: DeskConnection | null;

  beforeEach(() => {
    desk = null;
    iframe = document.createElement('iframe');
    iframe.src = PAGE;
  });

  afterEach(() => {
    desk?.disconnect();
    iframe.remove();
  });

  const connect = async () => {
    document.body.append(iframe);
    desk = await connectDesk(iframe);
    return desk;
  };
  const inside = (): StandInDesk => iframe.contentWindow!.desk!;
  /** Resolves when all earlier messages have arrived. */
  const roundTrip = () => desk!.finishWrapUp();

  it('rejects at once where the server does not let this page show the desk', async () => {
    const asked: string[] = [];
    const { fetch } = window;
    window.fetch = async (address) => {
      asked.push(String(address));
      return Response.json({ site: 'demo', crmOrigins: ['https://crm.example'] });
    };
    // The browser shows its own page instead of the desk.
    iframe.src = 'https://desk.example/desk/demo';
    iframe.sandbox.add('allow-scripts');
    document.body.append(iframe);
    const failure = await failureOf(connectDesk(iframe, { timeout: 60_000 }));
    window.fetch = fetch;
    expect(failure.code).to.equal('origin-not-allowed');
    expect(failure.message).to.contain(location.origin);
    expect(asked).to.deep.equal(['https://desk.example/api/v1/desk-config?site=demo']);
  });

  it("gives the desk's status and methods, before the page has loaded as well as after", async () => {
    await connect();
    expect(desk!.status).to.equal('available');
    await desk!.setStatus('break');
    await desk!.signIn({ username: 'a', password: 'b' });
    expect(inside().asked).to.deep.equal([
      'setStatus "break"',
      'signIn {"username":"a","password":"b"}',
    ]);
    const second = await connectDesk(iframe);
    await second.accept();
    expect(inside().asked.at(-1)).to.equal('accept');
    second.disconnect();
  });

  it('hands the outcome of a call to the desk, and asks for more time', async () => {
    await connect();
    await desk!.setDisposition({ code: 'solved', note: 'Called the network.' });
    await desk!.setDisposition({ code: null });
    await desk!.extendWrapUp();
    expect(inside().asked).to.deep.equal([
      'setDisposition {"code":"solved","note":"Called the network."}',
      'setDisposition {"code":null}',
      'extendWrapUp',
    ]);
  });

  it("dispatches the desk's events with their detail, and follows its status", async () => {
    await connect();
    const offered = oneEvent(desk!, 'call-offered');
    const detail = { callId: 'c', params: { customer: '7' } };
    inside().tell('call-offered', detail);
    expect((await offered).detail).to.deep.equal(detail);
    inside().tell('desk-status', { status: 'ringing' });
    await oneEvent(desk!, 'desk-status');
    expect(desk!.status).to.equal('ringing');
  });

  it('tells a CRM that connects later about the call that rings or runs', async () => {
    await connect();
    inside().tell('call-offered', { callId: 'c' });
    inside().tell('call-accepted', { callId: 'c' });
    const again = await connectDesk(iframe);
    const heard: string[] = [];
    for (const name of ['call-offered', 'call-accepted'] as const) {
      again.addEventListener(name, (event) => heard.push(`${name} ${event.detail.callId}`));
    }
    await again.finishWrapUp();
    expect(heard).to.deep.equal(['call-offered c', 'call-accepted c']);
    inside().tell('call-ended', { callId: 'c' });
    again.disconnect();
    const later = await connectDesk(iframe);
    later.addEventListener('call-offered', () => heard.push('again'));
    await later.finishWrapUp();
    expect(heard.length).to.equal(2);
    later.disconnect();
  });

  it('rejects with the code of the desk’s failure', async () => {
    await connect();
    inside().fail('conflict', 'too late');
    const error = await failureOf(desk!.accept());
    expect(error).to.be.instanceOf(RtcDeskError);
    expect(error).to.include({ code: 'conflict', message: 'too late' });
  });

  it('refuses a wrong argument without asking the desk', async () => {
    await connect();
    for (const bad of ['busy', null, {}, ['available']]) {
      expect((await failureOf(desk!.setStatus(bad as never))).code).to.equal('bad-message');
    }
    for (const bad of [undefined, 'jwt', { username: 'a' }, { token: 7 }]) {
      expect((await failureOf(desk!.signIn(bad as never))).code).to.equal('bad-message');
    }
    for (const bad of [undefined, 'solved', {}, { code: 7 }, { code: 'solved', note: 7 }]) {
      expect((await failureOf(desk!.setDisposition(bad as never))).code).to.equal('bad-message');
    }
    expect(inside().asked).to.deep.equal([]);
  });

  it('rejects with origin-not-allowed if the desk does not know the page', async () => {
    // Another origin than the page's. The refusal comes from the desk of that origin.
    iframe.src = PAGE.replace('localhost', '127.0.0.1');
    expect(new URL(iframe.src).origin).not.to.equal(location.origin);
    document.body.append(iframe);
    expect((await failureOf(connectDesk(iframe))).code).to.equal('origin-not-allowed');
  });

  it('connects a page of another origin that is on the list', async () => {
    iframe.src = `${PAGE.replace('localhost', '127.0.0.1')}?crm=${location.origin}`;
    document.body.append(iframe);
    desk = await connectDesk(iframe);
    await desk.setStatus('available');
    expect(desk.status).to.equal('available');
  });

  it('rejects with offline if nobody answers in time', async () => {
    iframe.src = new URL('./silent-page.html', import.meta.url).href;
    document.body.append(iframe);
    expect((await failureOf(connectDesk(iframe, { timeout: 50 }))).code).to.equal('offline');
  });

  it('rejects an iframe without the address of a desk', async () => {
    iframe.removeAttribute('src');
    expect((await failureOf(connectDesk(iframe))).code).to.equal('bad-message');
  });

  it('is connected again after the iframe was reloaded, and rejects what was under way', async () => {
    await connect();
    iframe.contentWindow!.desk!.accept = () => new Promise(() => {});
    const lost = failureOf(desk!.accept());
    await roundTrip();
    iframe.contentWindow!.location.reload();
    expect((await lost).code).to.equal('offline');
    await desk!.setStatus('break');
    expect(inside().asked).to.deep.equal(['setStatus "break"']);
    const offered = oneEvent(desk!, 'call-offered');
    inside().tell('call-offered', { callId: 'c' });
    await offered;
  });

  it('is not connected while the iframe shows another page, and reconnects when the desk is back', async () => {
    await connect();
    iframe.src = new URL('./silent-page.html', import.meta.url).href;
    await oneEvent(iframe, 'load');
    expect(desk!.connected).to.equal(false);
    iframe.src = PAGE;
    await desk!.accept();
    expect(desk!.connected).to.equal(true);
  });

  it('dispatches nothing after disconnect', async () => {
    await connect();
    let heard = 0;
    desk!.addEventListener('call-offered', () => heard++);
    desk!.disconnect();
    inside().tell('call-offered', { callId: 'c' });
    const again = await connectDesk(iframe);
    await again.finishWrapUp();
    expect(heard).to.equal(0);
    expect((await failureOf(desk!.accept())).code).to.equal('offline');
    again.disconnect();
  });

  it('ignores answers from another window, or with another nonce, version or shape', async () => {
    iframe.src = new URL('./silent-page.html', import.meta.url).href;
    document.body.append(iframe);
    const asked = new Promise<{ nonce: string }>((resolve) => {
      iframe.addEventListener('load', () => {
        iframe.contentWindow!.addEventListener('message', (event) => resolve(event.data), {
          once: true,
        });
      });
    });
    const connecting = failureOf(connectDesk(iframe, { timeout: 500 }));
    const { nonce } = await asked;
    const good = { rtcDesk: 'connected', version: 1, nonce, status: 'available' };
    const send = (source: Window, data: unknown) => {
      const script = `parent.postMessage(JSON.parse(${JSON.stringify(JSON.stringify(data))}), origin, [new MessageChannel().port1])`;
      (source as unknown as { eval(code: string): void }).eval(script);
    };
    const stranger = document.createElement('iframe');
    document.body.append(stranger);
    send(stranger.contentWindow!, good);
    send(iframe.contentWindow!, { ...good, nonce: 'another' });
    send(iframe.contentWindow!, { ...good, version: 2 });
    send(iframe.contentWindow!, { ...good, status: 7 });
    send(iframe.contentWindow!, null);
    expect((await connecting).code).to.equal('offline');
    stranger.remove();
  });
});

describe('the desk’s side of the bridge', () => {
  let iframe: HTMLIFrameElement;
  let answers: MessageEvent[];
  const listen = (event: MessageEvent) => {
    if (event.source === iframe.contentWindow) answers.push(event);
  };

  beforeEach(async () => {
    answers = [];
    iframe = document.createElement('iframe');
    iframe.src = PAGE;
    window.addEventListener('message', listen);
    document.body.append(iframe);
    await oneEvent(iframe, 'load');
  });

  afterEach(() => {
    window.removeEventListener('message', listen);
    iframe.remove();
  });

  const send = (data: unknown) => iframe.contentWindow!.postMessage(data, location.origin);
  const answered = (count = 1) => waitUntil(() => answers.length >= count, 'the desk answers');
  const good = { rtcDesk: 'connect', version: 1, nonce: 'n' };

  it('answers a page of its own origin with a port', async () => {
    send(good);
    await answered();
    expect(answers[0]!.data).to.include({ rtcDesk: 'connected', nonce: 'n', status: 'available' });
    expect(answers[0]!.ports.length).to.equal(1);
  });

  it('refuses another version, and says so', async () => {
    send({ ...good, version: 2 });
    await answered();
    expect(answers[0]!.data).to.include({ rtcDesk: 'refused', code: 'unsupported-protocol' });
    expect(answers[0]!.ports.length).to.equal(0);
  });

  it('does not answer malformed messages, nor a window that is not its parent', async () => {
    const script = `parent.document.querySelector('iframe').contentWindow.postMessage(${JSON.stringify({ ...good, nonce: 'stranger' })}, origin)`;
    const stranger = document.createElement('iframe');
    document.body.append(stranger);
    (stranger.contentWindow as unknown as { eval(code: string): void }).eval(script);
    for (const bad of [null, 'connect', { rtcDesk: 'connect' }, { ...good, nonce: 7 }]) send(bad);
    send({ ...good, nonce: 'x'.repeat(65) });
    send(good);
    await answered();
    expect(answers.map((event) => event.data.nonce)).to.deep.equal(['n']);
    stranger.remove();
  });

  it('runs only its methods, whatever comes through the port', async () => {
    send(good);
    await answered();
    const port = answers[0]!.ports[0]!;
    const heard: unknown[] = [];
    port.onmessage = (event) => heard.push(event.data);
    for (const bad of [
      null,
      7,
      { type: 'call', id: 'x', method: 'accept' },
      { type: 'call', id: 1, method: 'remove' },
      { type: 'call', id: 2, method: 'constructor' },
      { type: 'call', id: 3, method: '__proto__' },
    ]) {
      port.postMessage(bad);
    }
    port.postMessage({ type: 'call', id: 4, method: 'accept' });
    await waitUntil(() => heard.length > 0, 'the desk answers');
    expect(heard).to.deep.equal([{ type: 'result', id: 4, ok: true }]);
    expect(iframe.contentWindow!.desk!.asked).to.deep.equal(['accept']);
  });
});
