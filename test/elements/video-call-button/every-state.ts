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
  'called back to the page': {
    state: 'connecting',
    callId: 'c',
    agentName: 'Alice',
    joinAsked: true,
  },
  ended: { state: 'ended', callId: 'c', ended: { reason: 'agent-ended', at: 0, seconds: 65 } },
  failed: { state: 'failed', error: 'queue-full' },
  closed: { state: 'failed', error: 'out-of-hours', retryAt: 1_800_000_000_000 },
  'set up wrongly': { state: 'failed', error: 'origin-not-allowed' },
  'continued on a phone': { state: 'failed', error: 'handed-over' },
  'in use elsewhere': { state: 'failed', error: 'signed-in-elsewhere' },
};

/** Checks every state of the button with axe. One file for each theme and language, because together they take minutes. */
export function isAccessibleInEveryState(theme: 'light' | 'dark', lang: 'en' | 'zh-CN'): void {
  describe(`video-call-button, ${theme}, ${lang}`, () => {
    it('is accessible before the press', async () => {
      const { button } = await mountButton({ theme, lang });
      await expect(button).to.be.accessible();
    });

    for (const [name, state] of Object.entries(STATES)) {
      it(`is accessible when ${name}`, async () => {
        const mounted = await mountButton({ theme, lang });
        mounted.press();
        await mounted.settled();
        mounted.call.update(state);
        await mounted.settled();
        await expect(mounted.button).to.be.accessible();
      });
    }

    it('is accessible in the call, and in the question whether to leave it', async () => {
      const mounted = await mountButton({ theme, lang });
      await mounted.inRoom();
      await expect(mounted.button).to.be.accessible();
      mounted.dialog().requestClose();
      await waitUntil(
        () =>
          mounted
            .panel()
            .renderRoot.querySelector('rtc-leave-question')
            ?.renderRoot.querySelector('dialog')?.open,
        'not asked',
      );
      await expect(mounted.button).to.be.accessible();
    });

    it('is accessible when minimised', async () => {
      const mounted = await mountButton({ theme, lang });
      mounted.press();
      await mounted.settled();
      mounted.call.update({ state: 'queued', callId: 'c', position: 2 });
      await mounted.settled();
      mounted.find('header button').click();
      await mounted.settled();
      await expect(mounted.button).to.be.accessible();
    });
  });
}
