import { expect, waitUntil } from '@open-wc/testing';
import { CallbackCodes } from '../../../src/elements/callback/callback-codes.ts';
import type { CallbackCard } from '../../../src/elements/callback/callback-card.ts';
import { keepCode } from '../../../src/elements/callback/ring.ts';
import type { CallbackState } from '../../../src/protocol/rest/follow-ups.ts';
import { resumeKey } from '../../../src/call/resume-key.ts';
import { mountButton, type Mounted } from '../video-call-button/mount-button.ts';

const code = 'c'.repeat(43);

describe('a button whose visitor waits for a callback', () => {
  const realFetch = window.fetch;
  let state: CallbackState;
  let asked: string[];
  beforeEach(() => {
    state = 'calling';
    asked = [];
    window.fetch = async (input, init) => {
      const headers = init?.headers as Record<string, string> | undefined;
      if (!String(input).endsWith('/own-callback')) return realFetch(input, init);
      asked.push(headers?.['authorization'] ?? '');
      const answerBy = state === 'calling' ? Date.now() + 100_000 : null;
      const body = {
        site: 'demo',
        siteName: 'D',
        group: 'G',
        nextAt: 0,
        expiresAt: 0,
        pushKey: null,
      };
      return Response.json({ ...body, state, answerBy });
    };
  });
  afterEach(() => {
    window.fetch = realFetch;
    localStorage.clear();
  });

  const codesOf = ({ button }: Mounted) => new CallbackCodes(button.serverAddress, button.site);
  const cardOf = ({ button }: Mounted) =>
    button.renderRoot.querySelector<CallbackCard>('rtc-callback-card');
  const rings = async (mounted: Mounted): Promise<CallbackCard> => {
    await waitUntil(() => cardOf(mounted)?.matches(':popover-open'), 'the card', {
      timeout: 15_000,
    });
    return cardOf(mounted)!;
  };

  it('rings on a page that is opened later, with the stored code as the bearer token', async () => {
    const first = await mountButton();
    codesOf(first).write(code);
    const later = await mountButton();
    await rings(later);
    expect(asked[0]).to.equal(`Bearer ${code}`);
    expect(cardOf(first)).to.equal(null);
  });

  it('goes into the call of the code when the visitor joins', async () => {
    const mounted = await mountButton();
    keepCode(mounted.button, code);
    const card = await rings(mounted);
    await card.updateComplete;
    card.renderRoot.querySelector('button')!.click();
    await mounted.settled();
    const { serverAddress, site } = mounted.button;
    const key = resumeKey(new URL('/', serverAddress).href, site);
    expect(localStorage.getItem(key)).to.equal(code);
    await waitUntil(() => mounted.call.asked.some((one) => one.startsWith('start')), 'the call');
    expect(card.matches(':popover-open')).to.equal(false);
  });

  it('closes the window of the call before, beneath which nothing can be pressed', async () => {
    const mounted = await mountButton();
    mounted.press();
    await mounted.settled();
    mounted.call.update({
      state: 'ended',
      ended: { reason: 'callback-requested', at: 0, seconds: 1 },
    });
    await waitUntil(() => mounted.dialog().open, 'the window');
    keepCode(mounted.button, code);
    await rings(mounted);
    await waitUntil(() => !mounted.dialog().open, 'the window is closed');
  });

  it('shows nothing before, and forgets a callback that is over', async () => {
    state = 'waiting';
    const mounted = await mountButton();
    keepCode(mounted.button, code);
    await waitUntil(() => asked.length === 1, 'a request');
    expect(cardOf(mounted)).to.equal(null);
    state = 'cancelled';
    const forgotten = () => {
      document.dispatchEvent(new Event('visibilitychange'));
      return codesOf(mounted).read() === null;
    };
    await waitUntil(forgotten, 'the code is removed', { timeout: 30_000 });
    expect(cardOf(mounted)).to.equal(null);
  });
});
