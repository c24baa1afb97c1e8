import { expect, waitUntil } from '@open-wc/testing';
import '../../../../src/elements/agent-desk/define.ts';
import '../../../../src/elements/agent-desk/recording/show-recording-controls.ts';
import type { LegCallView, RecordingState } from '../../../../src/protocol/views.ts';
import { joined } from '../../../support/fake-agent-desk-control.ts';
import { FakeRoomControl, person } from '../../../support/fake-room-control.ts';
import { openDesk, textOf, within, type OpenDesk } from '../open-desk.ts';

const RECORDING = '7f1c2a34-0000-4000-8000-000000000001';

describe('the recording at the agent’s desk', () => {
  let open: OpenDesk;
  let room: FakeRoomControl;

  beforeEach(async () => {
    open = await openDesk();
    room = new FakeRoomControl({
      state: 'joined',
      people: [person({ id: 'agent-1', role: 'agent', self: true })],
    });
  });
  afterEach(() => open.close());

  const view = () => within(open.desk, 'rtc-call-view');
  const bar = () => within(within(view(), 'call-room'), 'rtc-call-controls').querySelector('.bar')!;
  const names = () =>
    [...bar().querySelectorAll('rtc-recording-controls button')].map(
      (button) => `${button.ariaLabel}${(button as HTMLButtonElement).disabled ? ' (off)' : ''}`,
    );
  const mark = () => textOf(view().querySelector('rtc-recording-mark')).trim();
  async function show(state: RecordingState | null, change: Partial<LegCallView> = {}) {
    const leg = joined();
    const recording = state && { id: RECORDING, state, since: Date.now() };
    const call = {
      ...leg.call,
      mayRecord: true as const,
      ...(recording && { recording }),
      ...change,
    };
    open.control.show({ status: 'busy', legs: [{ ...leg, call }] }, { room });
    await open.settle();
    await open.settle();
  }

  it('has a button in the toolbar of the call, which fits in and is accessible', async () => {
    await show(null);
    await waitUntil(() => names().length > 0, 'no button');
    expect(names()).to.deep.equal(['Record']);
    const all = [...bar().querySelectorAll('button')].map(({ ariaLabel }) => ariaLabel);
    expect(all.slice(-2)).to.deep.equal(['Record', 'End call']);
    // One stop of the Tab key.
    expect(
      [...bar().querySelectorAll('button')].filter(({ tabIndex }) => tabIndex === 0),
    ).to.have.length(1);
    await expect(bar()).to.be.accessible();
  });

  for (const [state, buttons, words] of [
    ['asked', ['Record (off)'], 'The visitor is asked about the recording…'],
    ['recording', ['Pause recording', 'Stop recording'], 'This call is being recorded'],
    ['paused', ['Resume recording', 'Stop recording'], 'The recording is paused'],
    ['refused', ['Record'], 'The visitor refused the recording'],
    ['stopped', ['Record'], ''],
    ['failed', ['Record'], 'The recording is interrupted, and may go on'],
  ] as const) {
    it(`says that it is ${state}`, async () => {
      await show(state);
      await waitUntil(() => names().length > 0, 'no button');
      expect(names()).to.deep.equal(buttons);
      expect(mark()).to.equal(words);
    });
  }

  for (const [state, buttons] of [
    ['recording', ['Pause recording']],
    ['paused', ['Resume recording']],
    ['failed', ['Record']],
  ] as const) {
    it(`lets nobody stop what is always recorded while it is ${state}`, async () => {
      const recording = { id: RECORDING, state, since: Date.now(), mandatory: true as const };
      await show(state, { recording });
      await waitUntil(() => names().length > 0, 'no button');
      expect(names()).to.deep.equal(buttons);
    });
  }

  it('asks for each step', async () => {
    const press = (name: string) => {
      const all = [...bar().querySelectorAll('button')];
      all.find(({ ariaLabel }) => ariaLabel === name)!.click();
    };
    await show(null);
    await waitUntil(() => names().length > 0, 'no button');
    press('Record');
    await show('recording');
    press('Pause recording');
    await show('paused');
    press('Resume recording');
    await show('recording');
    press('Stop recording');
    await open.settle();
    expect(open.control.asked.filter((what) => what.startsWith('changeRecording'))).to.deep.equal([
      'changeRecording(start)',
      'changeRecording(pause)',
      'changeRecording(resume)',
      'changeRecording(stop)',
    ]);
  });

  it('is not there where nothing is recorded', async () => {
    const leg = joined();
    open.control.show({ status: 'busy', legs: [leg] }, { room });
    await open.settle();
    await open.settle();
    expect(names()).to.deep.equal([]);
    expect(mark()).to.equal('');
  });
});
