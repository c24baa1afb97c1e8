import { expect, waitUntil } from '@open-wc/testing';
import '../../../../src/elements/agent-desk/define.ts';
import { PastRecordingPlayer } from '../../../../src/elements/agent-desk/history/past-recording-player.ts';
import { pastCall } from '../../../support/fake-agent-desk-control.ts';
import { openDesk, type OpenDesk } from '../open-desk.ts';

describe('the recording of a past call at the desk', () => {
  let open: OpenDesk;

  afterEach(() => open.close());

  const VIDEOS = ['/test/server/recordings/vp8.webm', '/test/server/recordings/vp8-wide.webm'];
  const file = (part: number) => ({ part, mime: 'video/webm', bytes: 1, seconds: 61 });

  async function openPastCall(parts: readonly number[]) {
    open = await openDesk();
    const recording = { id: 'recording-1', files: parts.map(file) };
    open.control.records.readPastCall = async () => ({ ...pastCall, recording });
    open.control.records.playRecording = async () => VIDEOS;
    open.control.show({ status: 'available' });
    await open.settle();
    const dialog = open.desk.shadowRoot!.querySelector('rtc-past-call-dialog')!;
    await dialog.show(pastCall.id);
    await dialog.updateComplete;
    return dialog;
  }
  const playerIn = (dialog: HTMLElement) => {
    const player = dialog.shadowRoot!.querySelector('rtc-past-recording');
    expect(player).to.be.instanceOf(PastRecordingPlayer);
    return player!.shadowRoot!;
  };

  it('is played after a press, part by part', async () => {
    const dialog = await openPastCall([1, 2]);
    const player = playerIn(dialog);
    expect(player.querySelector('video') === null).to.equal(true);
    player.querySelector('button')!.click();
    await waitUntil(() => player.querySelector('video'), 'no video');
    expect(player.querySelector('video')!.getAttribute('src')).to.equal(VIDEOS[0]);
    const select = player.querySelector('select')!;
    expect([...select.options].map(({ text }) => text)).to.deep.equal([
      'Part 1 · 1 min 1 s',
      'Part 2 · 1 min 1 s',
    ]);
    select.value = '1';
    select.dispatchEvent(new Event('change'));
    await waitUntil(
      () => player.querySelector('video')?.getAttribute('src') === VIDEOS[1],
      'not the second part',
    );
    await expect(dialog).to.be.accessible();
  });

  it('can be asked for again after an error, and ends with the dialog', async () => {
    const dialog = await openPastCall([1]);
    const player = playerIn(dialog);
    open.control.records.playRecording = async () => {
      throw new Error('The network is away.');
    };
    player.querySelector('button')!.click();
    await waitUntil(() => player.querySelector('[role=alert]'), 'not told');
    open.control.records.playRecording = async () => VIDEOS;
    player.querySelector('button')!.click();
    await waitUntil(() => player.querySelector('video'), 'no video');
    dialog.shadowRoot!.querySelector('dialog')!.close();
    await waitUntil(() => !dialog.shadowRoot!.querySelector('rtc-past-recording'), 'it goes on');
  });
});
