import { expect, waitUntil } from '@open-wc/testing';
import { CallbackCard } from '../../../src/elements/callback/callback-card.ts';
import { CallbackWatch } from '../../../src/elements/callback/callback-watch.ts';
import { UnknownCodeError } from '../../../src/elements/callback/own-callback.ts';
import type { OwnCallback } from '../../../src/protocol/rest/own-callback.ts';

const waiting: OwnCallback = {
  site: 'demo',
  siteName: 'Northwind Power',
  group: 'After-sales',
  state: 'waiting',
  nextAt: 0,
  expiresAt: 0,
  answerBy: null,
  consent: null,
  pushKey: null,
};
const calling: OwnCallback = { ...waiting, state: 'calling', answerBy: Date.now() + 120_000 };

describe('the card of a callback', () => {
  let card: CallbackCard;
  let watch: CallbackWatch;
  let cancelled = 0;
  let agreed: string[] = [];
  afterEach(() => {
    watch.close();
    card.remove();
  });

  async function show(read: () => Promise<OwnCallback>): Promise<void> {
    cancelled = 0;
    agreed = [];
    watch = new CallbackWatch({
      code: 'code',
      read,
      cancel: async () => {
        cancelled += 1;
      },
      agree: async (version) => void agreed.push(version),
    });
    card = new CallbackCard();
    card.lang = 'en';
    card.watch = watch;
    document.body.append(card);
    watch.open();
    await card.updateComplete;
  }
  const text = () => card.renderRoot.textContent.replace(/\s+/g, ' ');
  const shows = (part: string) => waitUntil(() => text().includes(part), part);
  const buttons = () => [...card.renderRoot.querySelectorAll('button')];
  const names = () => buttons().map((one) => one.textContent.trim());
  const press = (name: string) =>
    buttons()
      .find((one) => one.textContent.trim() === name)!
      .click();

  it('asks for the site’s consent before the visitor enters', async () => {
    const consent = {
      version: 'a'.repeat(64),
      text: { en: 'By video.' },
      link: 'https://shop.example/p',
    };
    await show(async () => ({ ...calling, consent }));
    await shows('By video.');
    await expect(card).to.be.accessible();
    let joined = 0;
    card.addEventListener('join-request', () => (joined += 1));
    press('Agree, and join the call');
    await waitUntil(() => joined === 1, 'joined');
    expect(agreed).to.deep.equal([consent.version]);
  });

  it('is a named group that says how the callback stands, accessible in each state', async () => {
    await show(async () => waiting);
    await shows('We’ll call you back');
    expect(card.renderRoot.querySelector('[role=group]')).not.to.equal(null);
    expect(text()).to.contain('Your place in the queue of After-sales is kept');
    expect(names()).to.deep.equal(['Cancel the callback']);
    await expect(card).to.be.accessible();
  });

  it('rings once the agent is in the room, and asks for the call', async () => {
    await show(async () => calling);
    await shows('Your agent is here');
    expect(card.renderRoot.querySelector('[role=alertdialog]')).not.to.equal(null);
    await expect(card).to.be.accessible();
    let asked = 0;
    card.addEventListener('join-request', () => (asked += 1));
    press('Join the call');
    expect(asked).to.equal(1);
  });

  it('does not ring before the agent is in the room', async () => {
    await show(async () => ({ ...calling, answerBy: null }));
    await shows('It is almost your turn');
    expect(names()).to.deep.equal(['Cancel the callback']);
  });

  it('cancels, and then says so', async () => {
    await show(async () => (cancelled > 0 ? { ...waiting, state: 'cancelled' } : waiting));
    await shows('We’ll call you back');
    press('Cancel the callback');
    await shows('This callback is cancelled');
    expect(cancelled).to.equal(1);
    expect(names()).to.deep.equal([]);
  });

  it('says that the link opens nothing, and tells a lost connection without forgetting the callback', async () => {
    await show(() => Promise.reject(new UnknownCodeError()));
    await shows('This link does not work');
    card.remove();
    watch.close();
    let reads = 0;
    await show(() =>
      reads++ === 0 ? Promise.resolve(waiting) : Promise.reject(new Error('away')),
    );
    await shows('We’ll call you back');
    await watch.cancel();
    await waitUntil(() => card.renderRoot.querySelector('[role=alert]'), 'the alert');
    expect(text()).to.contain('We’ll call you back');
  });

  it('offers a notification only where the page says that this browser can', async () => {
    await show(async () => waiting);
    await shows('We’ll call you back');
    card.notification = 'offered';
    await card.updateComplete;
    expect(names()).to.deep.equal(['Notify me in this browser', 'Cancel the callback']);
    card.notification = 'on';
    await card.updateComplete;
    expect(text()).to.contain('This browser will notify you.');
  });
});
