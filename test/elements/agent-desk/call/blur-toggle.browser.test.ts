import { expect } from '@open-wc/testing';
import '../../../../src/elements/agent-desk/define.ts';
import { RtcDeskError } from '../../../../src/protocol/errors.ts';
import type { VirtualBackground } from '../../../../src/call/room-control.ts';
import { joinedOnTrtc } from '../../../support/fake-agent-desk-control.ts';
import { FakeRoomControl } from '../../../support/fake-room-control.ts';
import { forgetStorage } from '../../../support/forget-storage.ts';
import { openDesk, textOf, within, type OpenDesk } from '../open-desk.ts';

describe('the agent’s background in a call on TRTC', () => {
  let open: OpenDesk;
  let room: FakeRoomControl;
  const { warn } = console;
  const warned: unknown[][] = [];

  beforeEach(async () => {
    forgetStorage('rtc-desk-blur');
    warned.length = 0;
    console.warn = (...what) => warned.push(what);
    open = await openDesk();
    await enter();
  });
  afterEach(() => {
    open.close();
    console.warn = warn;
    forgetStorage('rtc-desk-blur');
  });

  async function enter(state: 'joining' | 'joined' = 'joined'): Promise<void> {
    room = new FakeRoomControl({ state });
    open.control.show({ status: 'busy', legs: [joinedOnTrtc()] }, { room });
    await open.settle();
  }
  const toggle = () => within(within(open.desk, 'rtc-call-view'), 'rtc-blur-toggle');
  const button = () => toggle().querySelector('button')!;
  const pressed = () => button().getAttribute('aria-pressed');
  async function press(): Promise<void> {
    button().click();
    await open.settle();
  }
  const asked = () => room.asked.filter((what) => what.startsWith('setVirtualBackground'));

  it('is blurred and shown again by a button that tells its state', async () => {
    expect(textOf(toggle())).to.equal('Blur background');
    expect(pressed()).to.equal('false');
    await press();
    expect(pressed()).to.equal('true');
    await press();
    expect(pressed()).to.equal('false');
    expect(asked()).to.deep.equal(['setVirtualBackground()', 'setVirtualBackground()']);
    expect(room.backgrounds.map((what) => what !== null)).to.deep.equal([true, false]);
  });

  it('is blurred again when the next call is entered', async () => {
    await press();
    await enter('joining');
    expect(asked()).to.deep.equal([]);
    expect(button().disabled).to.equal(true);
    room.update({ state: 'joined' });
    await open.settle();
    expect(asked()).to.have.length(1);
    expect(pressed()).to.equal('true');
    await press();
    await enter();
    expect(asked()).to.deep.equal([]);
  });

  it('is not blurred if the media refuse: the agent is told, and the next call does not try', async () => {
    room.failure = new RtcDeskError('forbidden');
    await press();
    expect(pressed()).to.equal('false');
    expect(textOf(toggle().querySelector('[role=status]')!)).to.equal(
      'The background could not be blurred.',
    );
    expect(warned).to.have.length(1);
    await enter();
    expect(asked()).to.deep.equal([]);
    expect(toggle().querySelector('[role=status]')).to.equal(null);
  });

  it('is reported as visible when the blur fails, but not when the blur of an earlier call fails', async () => {
    await press();
    const [first] = room.backgrounds as VirtualBackground[];
    await enter();
    first!.onLost?.(new RtcDeskError('media-failed'));
    await open.settle();
    expect(pressed()).to.equal('true');
    (room.backgrounds[0] as VirtualBackground).onLost?.(new RtcDeskError('media-failed'));
    await open.settle();
    expect(pressed()).to.equal('false');
    expect(textOf(toggle())).to.contain('could not be blurred');
    await enter();
    expect(asked()).to.deep.equal([]);
  });
});
