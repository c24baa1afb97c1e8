import { expect } from '@open-wc/testing';
import '../../../src/elements/agent-desk/define.ts';
import { FakeRoomControl } from '../../support/fake-room-control.ts';
import { joined } from '../../support/fake-agent-desk-control.ts';
import { openDesk, within, type OpenDesk } from './open-desk.ts';

describe('signing out at the desk', () => {
  let open: OpenDesk;
  beforeEach(async () => {
    open = await openDesk();
  });
  afterEach(() => open.close());

  const parts = () => within(within(open.desk, 'rtc-desk-header'), 'rtc-sign-out');
  const press = async (name: string) => {
    const all = [...parts().querySelectorAll('button')];
    all.find((one) => (one.ariaLabel ?? one.textContent?.trim()) === name)!.click();
    await open.settle();
  };
  const asked = () => open.control.asked.filter((one) => one === 'signOut()');

  it('happens at once without a call', async () => {
    open.control.show();
    await open.settle();
    await press('Sign out');
    expect(asked()).to.have.length(1);
  });

  it('is asked about in a call, since the call ends', async () => {
    open.control.show({ status: 'busy', legs: [joined()] }, { room: new FakeRoomControl() });
    await open.settle();
    await press('Sign out');
    expect(asked()).to.have.length(0);
    const dialog = parts().querySelector('dialog')!;
    expect(dialog.open).to.equal(true);
    await expect(open.desk).to.be.accessible();
    await press('Stay in the call');
    expect([dialog.open, asked().length]).to.deep.equal([false, 0]);
    await press('Sign out');
    await press('End the call and sign out');
    expect([dialog.open, asked().length]).to.deep.equal([false, 1]);
  });
});
