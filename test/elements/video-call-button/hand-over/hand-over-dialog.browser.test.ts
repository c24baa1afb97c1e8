import { expect, waitUntil } from '@open-wc/testing';
import type { VisitorCallSnapshot } from '../../../../src/call/visitor-call-control.ts';
import type { HandOverDialog } from '../../../../src/elements/video-call-button/hand-over/hand-over-dialog.ts';
import { mountButton, type Mounted } from '../mount-button.ts';

const NAME = 'Continue on your phone';
const WAITING: Partial<VisitorCallSnapshot> = { state: 'queued', callId: 'c', position: 1 };

describe('the code for a phone', () => {
  const inPanel = ({ panel }: Mounted) => panel().renderRoot.querySelector('rtc-hand-over-dialog');
  const textOf = (dialog: HandOverDialog) => dialog.renderRoot.textContent.replace(/\s+/g, ' ');

  async function waiting(): Promise<Mounted> {
    const mounted = await mountButton();
    mounted.press();
    await mounted.settled();
    mounted.call.update(WAITING);
    await mounted.settled();
    return mounted;
  }

  /** Resolves to the dialog when it is open. */
  async function opened(mounted: Mounted): Promise<HandOverDialog> {
    mounted.control(NAME).click();
    await waitUntil(
      () => inPanel(mounted)?.renderRoot.querySelector('dialog[open]'),
      'the dialog',
      {
        timeout: 15_000,
      },
    );
    return inPanel(mounted)!;
  }

  it('is shown over the waiting panel, with its address, accessible and once', async () => {
    const mounted = await waiting();
    const dialog = await opened(mounted);
    await waitUntil(() => dialog.renderRoot.querySelector('svg'), 'the code');
    const qr = dialog.renderRoot.querySelector('svg')!;
    expect(qr.getAttribute('aria-label')).to.equal('QR code for your phone');
    expect(textOf(dialog)).to.contain(`/h#${'A'.repeat(22)}`);
    await expect(dialog).to.be.accessible();
    expect(mounted.call.asked.filter((one) => one === 'offerHandOver')).to.have.length(1);
    dialog.renderRoot.querySelector('button')!.click();
    await waitUntil(() => inPanel(mounted) === null, 'closed');
    expect(mounted.call.asked).not.to.include('hangUp');
  });

  it('goes when the phone has taken the call, and the panel says so', async () => {
    const mounted = await waiting();
    await opened(mounted);
    mounted.call.update({ state: 'failed', error: 'handed-over' });
    await mounted.settled();
    expect(inPanel(mounted)).to.equal(null);
    const says = () => mounted.panel().renderRoot.textContent;
    await waitUntil(() => says().includes('The call continues on your phone.'), 'the text');
    expect(says()).not.to.contain('Try again');
  });

  it('says why there is no code, and asks again at a press', async () => {
    const mounted = await waiting();
    mounted.call.refuse = 'rate-limited';
    const dialog = await opened(mounted);
    await waitUntil(() => dialog.renderRoot.querySelector('[role=alert]')?.textContent, 'the text');
    mounted.call.refuse = null;
    dialog.renderRoot.querySelector<HTMLButtonElement>('.primary')!.click();
    await waitUntil(() => dialog.renderRoot.querySelector('svg'), 'the code');
  });

  it('is offered only once the call is in the queue', async () => {
    const mounted = await mountButton();
    mounted.press();
    await mounted.settled();
    mounted.call.update({ state: 'queued', callId: null, position: null });
    await mounted.settled();
    expect(() => mounted.control(NAME)).to.throw();
  });
});
