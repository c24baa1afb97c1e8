import { expect, waitUntil } from '@open-wc/testing';
import type { VisitorCallSnapshot } from '../../../src/call/visitor-call-control.ts';
import { localMedia } from '../../support/fake-room-control.ts';
import { mountButton } from './mount-button.ts';

const failed = (error: 'permission-denied' | 'no-microphone') =>
  ({ state: 'failed', error, deviceId: '', track: null }) as const;

const STATES: Record<string, Partial<VisitorCallSnapshot>> = {
  'joining the line': { state: 'queued' },
  'in line': {
    state: 'queued',
    callId: 'c',
    position: 2,
    estimate: { min: 60, max: 240 },
  },
  'with nobody there': { state: 'queued', callId: 'c', position: 1, agentOnline: false },
  'cut off': { state: 'queued', callId: 'c', position: 1, online: false },
  'without devices': {
    state: 'queued',
    callId: 'c',
    position: 1,
    local: {
      ...localMedia,
      camera: failed('permission-denied'),
      microphone: failed('no-microphone'),
    },
  },
  ringing: { state: 'ringing', callId: 'c' },
  connecting: { state: 'connecting', callId: 'c', agentName: 'Alice' },
  ended: { state: 'ended', callId: 'c', ended: { reason: 'agent-ended', at: 0, seconds: 65 } },
  failed: { state: 'failed', error: 'origin-not-allowed' },
  'in use elsewhere': { state: 'failed', error: 'signed-in-elsewhere' },
};

describe('video-call-button, for everybody', () => {
  for (const theme of ['light', 'dark']) {
    for (const lang of ['en', 'zh-CN']) {
      it(`can be used by everybody before the press: ${theme}, ${lang}`, async () => {
        const { button } = await mountButton({ theme, lang });
        await expect(button).to.be.accessible();
      });

      for (const [name, state] of Object.entries(STATES)) {
        it(`can be used by everybody when ${name}: ${theme}, ${lang}`, async () => {
          const mounted = await mountButton({ theme, lang });
          mounted.press();
          await mounted.settled();
          mounted.call.update(state);
          await mounted.settled();
          await expect(mounted.button).to.be.accessible();
        });
      }

      it(`can be used by everybody when put aside: ${theme}, ${lang}`, async () => {
        const mounted = await mountButton({ theme, lang });
        mounted.press();
        await mounted.settled();
        mounted.call.update({ state: 'queued', callId: 'c', position: 2 });
        await mounted.settled();
        mounted.find('header button').click();
        await mounted.settled();
        await expect(mounted.button).to.be.accessible();
      });
    }
  }

  it('has the names and roles of the contract', async () => {
    const mounted = await mountButton();
    const button = mounted.button.renderRoot.querySelector('button')!;
    expect(button.textContent).to.equal('Video call');
    mounted.press();
    await mounted.settled();
    mounted.call.update({ state: 'queued', callId: 'c', position: 2 });
    await mounted.settled();
    expect(mounted.dialog().ariaLabel).to.equal('Video support');
    const status = mounted.find('[role=status]');
    expect(status.textContent).to.equal('You are number 2 in line');
    expect(mounted.control('Cancel')).to.be.visible;
  });

  it('speaks Chinese, the button included', async () => {
    const mounted = await mountButton({ lang: 'zh-CN' });
    expect(mounted.button.renderRoot.querySelector('button')!.textContent).to.equal('视频通话');
    mounted.press();
    await mounted.settled();
    await waitUntil(() => mounted.dialog().ariaLabel !== 'Video support', 'still English');
  });

  it('takes the focus into the panel and gives it back', async () => {
    const mounted = await mountButton();
    mounted.button.focus();
    mounted.press();
    await mounted.settled();
    expect(mounted.panel().shadowRoot!.activeElement).to.not.equal(null);
    mounted.control('Cancel').click();
    await waitUntil(
      () => mounted.button.shadowRoot!.activeElement?.localName === 'button',
      'the focus did not come back',
    );
  });
});
