import { expect, waitUntil } from '@open-wc/testing';
import {
  HandOverCard,
  type HandOverActions,
} from '../../../src/elements/hand-over/hand-over-card.ts';
import { UnknownHandOverError } from '../../../src/elements/hand-over/hand-over-client.ts';
import { RtcDeskError } from '../../../src/protocol/errors.ts';

if (!customElements.get('rtc-hand-over-card')) {
  customElements.define('rtc-hand-over-card', HandOverCard);
}

const OFFERED = { site: 'demo', siteName: 'Northwind Power', expiresAt: 0 };

describe('the card of a hand-over', () => {
  let card: HandOverCard;
  let taken = 0;
  afterEach(() => card.remove());

  async function show(actions: Partial<HandOverActions>): Promise<void> {
    taken = 0;
    card = new HandOverCard();
    card.lang = 'en';
    card.actions = { read: async () => OFFERED, take: async () => {}, ...actions };
    card.addEventListener('hand-over-taken', () => (taken += 1));
    document.body.append(card);
    await card.updateComplete;
  }
  const text = () => card.renderRoot.textContent.replace(/\s+/g, ' ');
  const shows = (part: string) => waitUntil(() => text().includes(part), part);
  const button = () => card.renderRoot.querySelector('button');

  it('says whose call it is, and takes it at a press only', async () => {
    const asked: unknown[] = [];
    await show({ take: async (handOver) => void asked.push(handOver) });
    await shows('Your call with Northwind Power continues here');
    await expect(card).to.be.accessible();
    expect(asked).to.deep.equal([]);
    button()!.click();
    await waitUntil(() => taken === 1);
    expect(asked).to.deep.equal([OFFERED]);
  });

  it('says that a code no longer works, before the press and after it', async () => {
    await show({ read: () => Promise.reject(new UnknownHandOverError()) });
    await shows('This code no longer works.');
    expect(button()).to.equal(null);
    await expect(card).to.be.accessible();
    card.remove();
    await show({ take: () => Promise.reject(new RtcDeskError('not-found')) });
    await shows('continues here');
    button()!.click();
    await shows('This code no longer works.');
    expect(taken).to.equal(0);
  });

  it('can be tried again where the server does not answer', async () => {
    let reachable = false;
    const read = async () => {
      if (!reachable) throw new Error('offline');
      return OFFERED;
    };
    await show({ read });
    await shows('There is no connection.');
    reachable = true;
    button()!.click();
    await shows('continues here');
  });
});
