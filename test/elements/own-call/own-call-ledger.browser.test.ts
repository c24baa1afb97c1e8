import { expect, waitUntil } from '@open-wc/testing';
import {
  OwnCallError,
  type OwnCallClient,
} from '../../../src/elements/own-call/own-call-client.ts';
import { OwnCallLedgerElement } from '../../../src/elements/own-call/own-call-ledger.ts';
import type { OwnCallLedger, OwnErasure } from '../../../src/protocol/rest/own-call.ts';

if (!customElements.get('rtc-own-call-ledger')) {
  customElements.define('rtc-own-call-ledger', OwnCallLedgerElement);
}

const AT = Date.UTC(2026, 10, 30, 9);
const LEDGER: OwnCallLedger = {
  people: [
    { role: 'agent', name: 'Alice', enteredAt: AT, leftAt: AT + 60_000 },
    { role: 'visitor', name: 'Mei', enteredAt: AT, leftAt: AT + 60_000 },
  ],
  recordings: [
    { type: 'recording-started', at: AT },
    { type: 'recording-ready', at: AT },
  ],
  captions: 2,
  readings: [{ what: 'conversation', at: AT, role: 'supervisor', name: 'Sue' }],
  consent: { agreed: true, at: AT, text: { en: 'We talk by video.' }, link: null },
  deletion: { call: AT + 1e10, conversation: AT + 1e9, pictures: AT + 1e8 },
};
const ID = '00000000-0000-4000-9000-000000000001';
const ordered: OwnErasure = { id: ID, requestedAt: AT, finishedAt: null, certificate: null };
const done: OwnErasure = { ...ordered, finishedAt: AT, certificate: 'ey.signed.cert' };

describe('the privacy ledger of a call', () => {
  let element: OwnCallLedgerElement;
  afterEach(() => element.remove());

  async function show(
    client: Partial<Pick<OwnCallClient, 'readLedger' | 'readErasure' | 'erase'>> = {},
  ): Promise<void> {
    element = new OwnCallLedgerElement();
    element.lang = 'en';
    element.client = {
      readLedger: async () => LEDGER,
      readErasure: async () => {
        throw new OwnCallError(404);
      },
      erase: async () => ordered,
      ...client,
    } as OwnCallClient;
    document.body.append(element);
    await waitUntil(() => text().length > 0, 'nothing is shown');
  }
  const text = () => element.renderRoot.textContent!.replace(/\s+/g, ' ').trim();
  const press = (name: string) => {
    const all = [...element.renderRoot.querySelectorAll('button')];
    const found = all.find(({ textContent }) => textContent.trim() === name);
    if (!found) throw new Error(`no button ${name}`);
    found.click();
  };

  it('says who was there, what was recorded, who has looked and when it is deleted', async () => {
    await show();
    await expect(element).to.be.accessible();
    for (const part of [
      'Alice Agent',
      'You',
      'The recording began.',
      'Sue (supervisor): the conversation',
      'You agreed:',
      'We talk by video.',
      'March 26, 2027',
    ]) {
      expect(text()).to.contain(part);
    }
    expect(text()).not.to.contain('recording-ready');
  });

  it('says so where nothing was recorded and nobody has looked', async () => {
    await show({
      readLedger: async () => ({ ...LEDGER, recordings: [], readings: [], consent: null }),
    });
    expect(text()).to.contain('Sound and video were not recorded.');
    expect(text()).to.contain('Who has looked at it since Nobody.');
    expect(text()).not.to.contain('You agreed');
  });

  it('erases at the second press only', async () => {
    let orders = 0;
    let erasure: OwnErasure | null = null;
    await show({
      erase: async () => {
        orders += 1;
        return (erasure = ordered);
      },
      readErasure: async () => {
        if (!erasure) throw new OwnCallError(404);
        return done;
      },
    });
    press('Erase this call');
    await element.updateComplete;
    expect(orders).to.equal(0);
    expect(text()).to.contain('Nobody can bring it back.');
    expect(element.shadowRoot!.activeElement?.textContent).to.contain('Erase this call?');
    press('Keep it');
    await element.updateComplete;
    press('Erase this call');
    await element.updateComplete;
    let erased = 0;
    element.addEventListener('erased', () => (erased += 1));
    press('Erase it now');
    await waitUntil(() => text().includes('The erasure is ordered.'), 'ordered');
    expect(orders).to.equal(1);
    await waitUntil(() => text().includes('This call was erased'), 'erased', { timeout: 15_000 });
    expect(erased).to.equal(1);
    expect(text()).to.contain('ey.signed.cert');
    expect(text()).not.to.contain('Alice');
    await expect(element).to.be.accessible();
  });

  it('shows the certificate of a call that is gone', async () => {
    await show({
      readLedger: async () => {
        throw new OwnCallError(404);
      },
      readErasure: async () => done,
    });
    expect(text()).to.contain('This call was erased');
    expect(text()).to.contain(ID);
  });

  it('says that there is no connection, and asks again at a press', async () => {
    let fails = true;
    await show({
      readLedger: async () => {
        if (fails) throw new OwnCallError(0);
        return LEDGER;
      },
    });
    fails = false;
    press('Try again');
    await waitUntil(() => text().includes('Alice'), 'the ledger');
  });
});
