import { expect, waitUntil } from '@open-wc/testing';
import '../../../../src/elements/video-call-button/after-call/define-after-call.ts';
import {
  OwnCallError,
  type OwnCallClient,
} from '../../../../src/elements/own-call/own-call-client.ts';
import type { NewRating, OwnCall } from '../../../../src/protocol/rest/own-call.ts';

const CALL: OwnCall = {
  id: '0d4f1c3a-5b7e-4c21-9f3d-6a8e2b104c55',
  site: 'demo',
  siteName: 'Northlight Power',
  group: 'After-sales',
  agentName: 'Alice Chen',
  requestedAt: 0,
  connectedAt: 1_000,
  endedAt: 66_000,
  seconds: 65,
  now: 66_000,
  leftUntil: null,
  rating: {
    kind: 'stars',
    reasons: [{ id: 'wait', label: { en: 'Long wait', 'zh-CN': '等待太久' } }],
    text: true,
    given: null,
  },
  messages: 2,
  link: { code: 'a-code', expiresAt: 0 },
};

describe('the end of a call', () => {
  let element: HTMLElementTagNameMap['rtc-after-call'];
  let rated: NewRating[] = [];
  let ended = 0;
  let refusal: OwnCallError | null = null;
  afterEach(() => element.remove());

  async function show(call: OwnCall, rejoin = () => Promise.resolve(true)): Promise<void> {
    rated = [];
    ended = 0;
    refusal = null;
    element = document.createElement('rtc-after-call');
    element.lang = 'en';
    element.rejoin = rejoin;
    element.client = {
      read: async () => call,
      rate: async (rating: NewRating) => {
        if (refusal) throw refusal;
        rated.push(rating);
      },
      end: async () => void (ended += 1),
      pageAddress: (code: string) => `https://desk.example.com/my-call#${code}`,
    } as unknown as OwnCallClient;
    document.body.append(element);
    await waitUntil(() => text().includes('About this call'), 'the call is shown');
  }
  const form = () => element.renderRoot.querySelector('rtc-rating-form');
  const roots = () => [element.renderRoot, ...(form() ? [form()!.renderRoot] : [])];
  const text = () =>
    roots()
      .map((root) => root.textContent)
      .join(' ')
      .replace(/\s+/g, ' ');
  const find = <E extends HTMLElement>(selector: string) =>
    roots().flatMap((root) => [...root.querySelectorAll<E>(selector)]);
  const press = (name: string) =>
    find('button')
      .find((one) => one.textContent.trim() === name)!
      .click();
  const shows = (part: string) => waitUntil(() => text().includes(part), part);
  const choose = (name: string) =>
    find<HTMLInputElement>('input')
      .find((one) => (one.ariaLabel ?? one.parentElement!.textContent.trim()) === name)!
      .click();

  it('asks for stars, then for reasons and a text, and is accessible on the way', async () => {
    await show(CALL);
    await shows('How was the call?');
    expect(text()).not.to.contain('Send rating');
    await expect(element).to.be.accessible();
    choose('4 of 5');
    await shows('Send rating');
    choose('Long wait');
    const field = find<HTMLTextAreaElement>('textarea')[0]!;
    field.value = ' Thank you ';
    field.dispatchEvent(new InputEvent('input'));
    await expect(element).to.be.accessible();
    press('Send rating');
    await shows('Thank you for your rating.');
    expect(rated).to.deep.equal([{ value: 4, reasons: ['wait'], text: 'Thank you' }]);
    press('Change the rating');
    await shows('Send rating');
  });

  it('says so if the rating comes too late, or was not sent', async () => {
    await show(CALL);
    choose('1 of 5');
    await shows('Send rating');
    refusal = new OwnCallError(0);
    press('Send rating');
    await shows('The rating could not be sent.');
    refusal = new OwnCallError(409);
    press('Send rating');
    await shows('The rating can no longer be changed.');
  });

  it('asks for yes or no where the site wants that, and for nothing where it wants none', async () => {
    await show({ ...CALL, rating: { kind: 'yes-no', reasons: [], text: false, given: null } });
    choose('No');
    await shows('Send rating');
    press('Send rating');
    await shows('Thank you');
    expect(rated).to.deep.equal([{ value: 1, reasons: [] }]);
    element.remove();
    await show({ ...CALL, rating: null, messages: 0 });
    expect(form()).to.equal(null);
    expect(find('button')).to.deep.equal([]);
  });

  it('links to the page of the call', async () => {
    await show(CALL);
    const [link] = find<HTMLAnchorElement>('a');
    expect(link!.href).to.equal('https://desk.example.com/my-call#a-code');
    expect(link!.rel).to.contain('noopener');
  });

  it('leads back into a call that the visitor has left, for as long as it waits', async () => {
    let back = 0;
    await show({ ...CALL, endedAt: null, leftUntil: 66_000 + 60_000 }, async () => {
      back += 1;
      return false;
    });
    await shows('You can come back for');
    expect(element.hasAttribute('waits'), 'hides the button for another call').to.equal(true);
    await expect(element).to.be.accessible();
    press('Back to the call');
    await shows('The call is over.');
    expect(element.hasAttribute('waits')).to.equal(false);
    expect(back).to.equal(1);
    element.remove();
    await show(CALL);
    expect(text()).not.to.contain('Back to the call');
  });

  it('ends the call that waits once the visitor closes the panel, but not while it is moved', async () => {
    await show({ ...CALL, endedAt: null, leftUntil: 66_000 + 60_000 });
    await shows('You can come back for');
    document.body.prepend(element);
    await Promise.resolve();
    expect(ended).to.equal(0);
    element.remove();
    await Promise.resolve();
    expect(ended).to.equal(1);
  });
});
