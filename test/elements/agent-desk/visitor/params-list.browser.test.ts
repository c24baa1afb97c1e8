import { expect, fixture, html, waitUntil } from '@open-wc/testing';
import '../../../../src/elements/agent-desk/define.ts';
import type { ParamsList } from '../../../../src/elements/agent-desk/visitor/params-list.ts';

describe('the params from the visitor’s page', () => {
  const own = Object.getOwnPropertyDescriptor(navigator, 'clipboard');
  let list: ParamsList;
  let copied: string[];
  let refuse: boolean;

  beforeEach(async () => {
    copied = [];
    refuse = false;
    const writeText = async (text: string) => {
      if (refuse) throw new DOMException('not in this frame', 'NotAllowedError');
      copied.push(text);
    };
    Object.defineProperty(navigator, 'clipboard', { configurable: true, value: { writeText } });
    list = await fixture(
      html`<rtc-params-list
        copyable
        .params=${{ device: 'METER-0042', fault: '<b>no power</b>' }}
      ></rtc-params-list>`,
    );
  });
  afterEach(() => {
    if (own) Object.defineProperty(navigator, 'clipboard', own);
    else delete (navigator as { clipboard?: Clipboard }).clipboard;
  });

  const buttons = () => [...list.renderRoot.querySelectorAll('button')];
  const status = () => list.renderRoot.querySelector('[role="status"]')!.textContent!.trim();
  const ticked = () => buttons().map((button) => button.classList.contains('copied'));

  it('are copied exactly, announced to a screen reader, and ticked', async () => {
    expect(buttons().map((button) => button.getAttribute('aria-label'))).to.deep.equal([
      'Copy Device',
      'Copy Fault',
    ]);
    await expect(list).to.be.accessible();
    buttons()[1]!.click();
    await waitUntil(() => status() === 'Copied', 'it is told');
    expect(copied).to.deep.equal(['<b>no power</b>']);
    expect(ticked()).to.deep.equal([false, true]);
    buttons()[0]!.click();
    await waitUntil(() => ticked()[0], 'the tick is here now');
    expect(copied[1]).to.equal('METER-0042');
    expect(ticked()).to.deep.equal([true, false]);
  });

  it('are shown in the site’s words, in their order, and copied as the page sent them', async () => {
    list.params = { fault: 'no-power', orderId: '7' };
    list.words = {
      fault: { label: { 'zh-CN': '故障', en: 'Problem' }, text: { 'zh-CN': '没电' } },
    };
    await list.updateComplete;
    const texts = [...list.renderRoot.querySelectorAll('dt, dt + dd')].map((one) =>
      one.textContent!.trim(),
    );
    expect(texts).to.deep.equal(['Problem', '没电', 'Order id', '7']);
    expect(buttons()[0]!.getAttribute('aria-label')).to.equal('Copy Problem');
    buttons()[0]!.click();
    await waitUntil(() => status() === 'Copied', 'it is told');
    expect(copied).to.deep.equal(['no-power']);
  });

  it('show no tick if the frame may not copy', async () => {
    refuse = true;
    buttons()[0]!.click();
    await new Promise((resolve) => setTimeout(resolve));
    await list.updateComplete;
    expect(status()).to.equal('');
    expect(ticked()).to.deep.equal([false, false]);
  });

  it('lose the tick when the list is shown again', async () => {
    buttons()[0]!.click();
    await waitUntil(() => status() === 'Copied', 'it is told');
    const parent = list.parentElement!;
    list.remove();
    parent.append(list);
    await list.updateComplete;
    expect(ticked()).to.deep.equal([false, false]);
  });
});
