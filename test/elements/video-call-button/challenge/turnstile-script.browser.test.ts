import { expect } from '@open-wc/testing';
import {
  answerTurnstile,
  type TurnstileApi,
} from '../../../../src/elements/video-call-button/challenge/turnstile.ts';

const page = window as { turnstile?: TurnstileApi };
const OPTIONS = { siteKey: 'site-key', language: 'en', theme: 'auto' } as const;

// The policy holds for this file's page until its end. No script is really loaded: each is caught.
describe('the script of Turnstile under a policy with trusted types', () => {
  const scripts: HTMLScriptElement[] = [];
  const { append } = document.head;
  before(() => {
    const meta = document.createElement('meta');
    meta.httpEquiv = 'Content-Security-Policy';
    meta.content = "require-trusted-types-for 'script'; trusted-types rtc-desk lit-html";
    append.call(document.head, meta);
    document.head.append = (...nodes) => void scripts.push(...(nodes as HTMLScriptElement[]));
  });
  after(() => {
    document.head.append = append;
    delete page.turnstile;
  });

  const ask = () =>
    answerTurnstile(document.createElement('div'), {
      ...OPTIONS,
      signal: new AbortController().signal,
    });

  it('is enforced here', () => {
    const script = document.createElement('script');
    expect(() => (script.src = 'https://challenges.cloudflare.com/')).to.throw(TypeError);
  });

  it('comes from the documented address, and again after it could not be loaded', async () => {
    const first = ask();
    scripts[0]!.dispatchEvent(new Event('error'));
    const failure = await first.catch((error: Error) => error);
    expect((failure as Error).message).to.contain('could not be loaded');
    const second = ask();
    page.turnstile = {
      render: (_, { callback }) => {
        callback('token');
        return 'widget';
      },
      remove: () => {},
    };
    scripts[1]!.dispatchEvent(new Event('load'));
    expect(await second).to.equal('token');
    expect(scripts.map(({ src }) => src)).to.deep.equal(
      Array<string>(2).fill(
        'https://challenges.cloudflare.com/turnstile/v0/api.js?render=explicit',
      ),
    );
  });

  it('is not loaded again once it is there', async () => {
    expect(await ask()).to.equal('token');
    expect(scripts).to.have.length(2);
  });
});
