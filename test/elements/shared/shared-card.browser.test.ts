import { expect, waitUntil } from '@open-wc/testing';
import { SharedCard } from '../../../src/elements/shared/shared-card.ts';
import type { SharedThing } from '../../../src/protocol/rest/shared-links.ts';

if (!customElements.get('rtc-shared-card')) customElements.define('rtc-shared-card', SharedCard);

const AT = Date.UTC(2026, 10, 30, 9);
const part = { mime: 'video/mp4', bytes: 1_000, seconds: 61 };
const RECORDING: SharedThing = {
  what: 'recording',
  siteName: 'Northlight',
  requestedAt: AT,
  expiresAt: AT + 86_400_000,
  parts: [
    { ...part, part: 1 },
    { ...part, part: 2, bytes: null, cloud: 'vod' },
  ],
  fileCode: 'a-code',
};

describe('the page of a link', () => {
  const real = window.fetch;
  let card: SharedCard;
  afterEach(() => {
    window.fetch = real;
    card.remove();
  });

  async function show(answer: () => Promise<Response>): Promise<void> {
    window.fetch = answer;
    card = new SharedCard();
    Object.assign(card, { lang: 'en', server: location.origin, code: 'the-code-of-the-link' });
    document.body.append(card);
    await waitUntil(() => card.renderRoot.querySelector('section'), 'the answer is shown');
  }
  const text = () => card.renderRoot.textContent!.replace(/\s+/g, ' ').trim();
  const queryOf = (address: string) => Object.fromEntries(new URL(address).searchParams);
  const links = () =>
    [...card.renderRoot.querySelectorAll('a')].map(({ textContent, href, target }) => ({
      ...{ name: textContent.trim(), target },
      query: queryOf(href),
    }));

  it('plays the server’s files, and leads to what is at VOD', async () => {
    await show(async () => Response.json(RECORDING));
    const videos = [...card.renderRoot.querySelectorAll('video')];
    expect(videos.map(({ src }) => queryOf(src))).to.deep.equal([{ code: 'a-code', part: '1' }]);
    expect(links()).to.deep.equal([
      {
        name: 'Save the recording',
        target: '',
        query: { code: 'a-code', part: '1', download: 'true' },
      },
      {
        name: 'Watch it at Tencent VOD',
        target: '_blank',
        query: { code: 'a-code', part: '2' },
      },
    ]);
    expect(text()).to.contain('Northlight').and.to.contain('Part 2 · 1 min 1 s');
    await expect(card).to.be.accessible();
  });

  it('saves a case file', async () => {
    await show(async () => Response.json({ ...RECORDING, what: 'case-file', parts: [] }));
    expect(links().map(({ name }) => name)).to.deep.equal(['Save the case file']);
    await expect(card).to.be.accessible();
  });

  it('says that a link has expired', async () => {
    await show(async () => new Response(null, { status: 404 }));
    expect(text()).to.contain('It has expired or was revoked.');
  });

  it('asks again after the network was away', async () => {
    await show(() => Promise.reject(new TypeError('offline')));
    window.fetch = async () => Response.json(RECORDING);
    card.renderRoot.querySelector('button')!.click();
    await waitUntil(() => text().includes('Northlight'), 'the recording is shown');
  });
});
