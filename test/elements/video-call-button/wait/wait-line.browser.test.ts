import { expect, waitUntil } from '@open-wc/testing';
import type { Wait } from '../../../../src/protocol/rest/wait.ts';
import { mountButton } from '../mount-button.ts';

const wait: Wait = { open: true, until: null, estimate: { min: 130, max: 290 }, late: false };

describe('a button with show-wait', () => {
  const asked: string[] = [];
  let answer: () => Promise<Response>;
  const { fetch } = window;

  beforeEach(() => {
    asked.length = 0;
    answer = async () => Response.json(wait);
    window.fetch = (input) => {
      asked.push(String(input));
      return answer();
    };
  });
  afterEach(() => {
    window.fetch = fetch;
  });

  const mount = async (attributes: Record<string, string> = {}) => {
    const { button } = await mountButton({
      server: 'https://desk.test',
      'show-wait': '',
      ...attributes,
    });
    const inner = button.renderRoot.querySelector('button')!;
    const line = () => inner.querySelector('[part="wait"]')?.textContent;
    const says = (text: string) => waitUntil(() => line() === text, text, { timeout: 15_000 });
    return { button, inner, line, says };
  };

  it('has the wait as its description, and keeps its name', async () => {
    const { button, inner, says } = await mount();
    await says('Usually 2 to 5 minutes');
    expect(inner.ariaDescription).to.equal('Usually 2 to 5 minutes');
    expect(inner.querySelector('[part="wait"]')!.ariaHidden).to.equal('true');
    await expect(button).to.be.accessible();
  });

  it('moves nothing when the line comes', async () => {
    const { inner, line, says } = await mount();
    const label = inner.querySelector('[part="label"]')!;
    const boxes = () => [inner, label].map((one) => JSON.stringify(one.getBoundingClientRect()));
    expect(line() ?? '').to.equal('');
    const before = boxes();
    await says('Usually 2 to 5 minutes');
    expect(boxes()).to.deep.equal(before);
  });

  it('asks for its group or its flow, again when they change, and follows the language', async () => {
    const { button, says } = await mount({ flow: 'help' });
    await says('Usually 2 to 5 minutes');
    button.lang = 'zh-CN';
    await says('通常 2 至 5 分钟');
    answer = async () => Response.json({ ...wait, open: false, estimate: null });
    button.skill = 'sales';
    await says('休息中');
    expect(asked).to.deep.equal([
      'https://desk.test/api/v1/sites/demo/wait?flow=help',
      'https://desk.test/api/v1/sites/demo/wait?skill=sales',
    ]);
  });

  it('stays a button without a line where the server does not answer or refuses', async () => {
    answer = () => Promise.reject(new TypeError('offline'));
    const { button, inner, line } = await mount();
    await waitUntil(() => asked.length === 1, 'not asked', { timeout: 15_000 });
    answer = async () => new Response('{"code":"unknown-skill"}', { status: 404 });
    button.skill = 'nothing';
    await waitUntil(() => asked.length === 2, 'not asked again', { timeout: 15_000 });
    await button.updateComplete;
    expect(line()).to.equal('');
    expect(inner.ariaDescription).to.equal(null);
  });

  it('asks nothing without the attribute', async () => {
    const { button } = await mountButton();
    button.skill = 'sales';
    await button.updateComplete;
    expect(asked).to.deep.equal([]);
  });
});
