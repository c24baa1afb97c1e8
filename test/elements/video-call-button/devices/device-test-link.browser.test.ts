import { expect, waitUntil } from '@open-wc/testing';
import type { VisitorCallSnapshot } from '../../../../src/call/visitor-call-control.ts';
import { mountButton, type Mounted } from '../mount-button.ts';

const NAME = 'Test your devices';

describe('the way to the device test', () => {
  const { open, fetch } = window;
  let tab: { opener: unknown; location: { href: string }; closed: boolean };
  let asked: { address: string; authorization: string | null }[];
  let answer: () => Promise<Response>;

  beforeEach(() => {
    tab = { opener: window, location: { href: '' }, closed: false };
    asked = [];
    answer = async () => Response.json({ code: 'the-code', expiresAt: 0 });
    window.open = () => tab as never;
    window.fetch = (input, init) => {
      const { url, headers } = new Request(input, init);
      asked.push({ address: new URL(url).pathname, authorization: headers.get('authorization') });
      return answer();
    };
  });
  afterEach(() => {
    window.open = open;
    window.fetch = fetch;
  });

  async function waiting(change: Partial<VisitorCallSnapshot> = {}): Promise<Mounted> {
    const mounted = await mountButton({ server: 'https://desk.example.com' });
    mounted.press();
    await mounted.settled();
    mounted.call.update({ state: 'queued', callId: 'c', key: 'the key', position: 1, ...change });
    await mounted.settled();
    return mounted;
  }
  const leads = () => waitUntil(() => tab.location.href, 'the address');

  it('opens in a tab of its own, with a code by which its report goes to the call', async () => {
    (await waiting()).control(NAME).click();
    await leads();
    expect(tab.location.href).to.equal('https://desk.example.com/test/demo#the-code');
    expect(tab.opener).to.equal(null);
    expect(asked).to.deep.equal([
      { address: '/api/v1/own-call/device-test', authorization: 'Bearer the key' },
    ]);
  });

  it('opens without a code where the desk gives none', async () => {
    answer = async () => new Response('{}', { status: 500 });
    (await waiting()).control(NAME).click();
    await leads();
    expect(tab.location.href).to.equal('https://desk.example.com/test/demo');
  });

  it('opens without a code where there is no connection', async () => {
    answer = () => Promise.reject(new TypeError('Failed to fetch'));
    (await waiting()).control(NAME).click();
    await leads();
    expect(tab.location.href).to.equal('https://desk.example.com/test/demo');
  });

  it('is offered once, also where a device cannot be used, and not before the call is in the queue', async () => {
    const mounted = await waiting({ callId: null, key: null, position: null });
    expect(() => mounted.control(NAME)).to.throw();
    mounted.call.update({ callId: 'c', key: 'the key' });
    await mounted.settled();
    const names = [...mounted.dialog().querySelectorAll('button')].map((one) =>
      one.textContent.trim(),
    );
    expect(names.filter((name) => name === NAME)).to.have.length(1);
  });
});
