import { expect, waitUntil } from '@open-wc/testing';
import '../../../../src/elements/video-call-button/recording/define-recording.ts';
import type { RecordingQuestion } from '../../../../src/elements/video-call-button/recording/recording-question.ts';
import type { VisitorRecordingView } from '../../../../src/protocol/views.ts';
import { RtcDeskError } from '../../../../src/protocol/errors.ts';
import { textOf } from '../../agent-desk/open-desk.ts';
import { mountButton, type Mounted } from '../mount-button.ts';

describe('the recording at the visitor', () => {
  let mounted: Mounted;
  beforeEach(async () => {
    mounted = await mountButton();
    await mounted.inRoom();
  });

  const notice = () => mounted.panel().renderRoot.querySelector('rtc-recording-notice');
  const words = () => textOf(notice()).trim();
  const question = () =>
    notice()?.shadowRoot?.querySelector<RecordingQuestion>('rtc-recording-question') ?? null;
  const button = (name: string) => {
    const all = [...question()!.shadowRoot!.querySelectorAll('button')];
    return all.find((one) => one.textContent!.trim() === name)!;
  };
  const show = async (recording: Partial<VisitorRecordingView>) => {
    mounted.call.update({ recording: { state: 'recording', since: 1, ...recording } });
    await mounted.settled();
    await waitUntil(notice, 'no notice');
    await new Promise((resolve) => setTimeout(resolve));
  };

  it('is not there in a call without one', () => {
    expect(notice()).to.equal(null);
  });

  for (const [state, text] of [
    ['recording', 'This call is being recorded'],
    ['paused', 'The recording is paused'],
    ['refused', 'This call is not recorded'],
    ['stopped', 'The recording has ended'],
    ['failed', 'The recording is interrupted, and may go on'],
  ] as const) {
    it(`says in words that it is ${state}`, async () => {
      await show({ state });
      await waitUntil(() => words() === text, `not the words of ${state}`);
      expect(question()).to.equal(null);
      await expect(notice()!).to.be.accessible();
    });
  }

  it('asks first, in the words of the site, and takes yes and no', async () => {
    await show({ state: 'asked', text: { en: 'We record for your safety.', 'zh-CN': '录制' } });
    await waitUntil(() => question()?.hasUpdated, 'no question');
    expect(textOf(question())).to.contain('May we record this call?');
    expect(textOf(question())).to.contain('We record for your safety.');
    await expect(question()!).to.be.accessible();
    button('No, do not record').click();
    button('Yes, you may record').click();
    await waitUntil(() => mounted.call.asked.includes('answerRecording(false)'), 'no answer');
    // One answer at a time.
    expect(mounted.call.asked.filter((what) => what.startsWith('answerRecording'))).to.have.length(
      1,
    );
    await show({ state: 'refused' });
    await waitUntil(() => question() === null, 'the question stays');
  });

  it('asks again if the answer did not arrive', async () => {
    await show({ state: 'asked' });
    await waitUntil(() => question()?.hasUpdated, 'no question');
    expect(textOf(question())).to.contain('You can refuse.');
    mounted.call.refuse = new RtcDeskError('offline').code;
    button('Yes, you may record').click();
    await waitUntil(() => /did not arrive/.test(textOf(question())), 'not told');
    mounted.call.refuse = null;
    button('Yes, you may record').click();
    await waitUntil(() => !/did not arrive/.test(textOf(question())), 'still told');
    expect(mounted.call.asked.filter((what) => what === 'answerRecording(true)')).to.have.length(2);
  });
});
