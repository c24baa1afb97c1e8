import { expect, waitUntil } from '@open-wc/testing';
import '../../../../src/elements/agent-desk/define.ts';
import { RtcDeskError } from '../../../../src/protocol/errors.ts';
import { openDesk, textOf, within, type OpenDesk } from '../open-desk.ts';

describe('changing the password in the desk', () => {
  let open: OpenDesk;

  afterEach(() => open.close());

  async function openForm(): Promise<ShadowRoot> {
    open = await openDesk();
    open.control.show({}, { byPassword: true });
    await open.settle();
    const header = within(open.desk, 'rtc-desk-header');
    const root = header.querySelector('rtc-change-password')!.shadowRoot!;
    root.querySelector('button')!.click();
    const [current, password] = root.querySelectorAll('input');
    current!.value = 'demo';
    password!.value = 'copper-kettle-91';
    return root;
  }
  /** Submits the form, and waits until it says this. The texts of failures are loaded at the first one. */
  const saveSays = async (root: ShadowRoot, text: string) => {
    root.querySelector('form')!.requestSubmit();
    const said = () => textOf(root.querySelector('[role=status]')).includes(text);
    await waitUntil(said, `the form does not say: ${text}`, { timeout: 15_000 });
  };

  it('is accessible', async () => {
    const root = await openForm();
    await expect(root.host).to.be.accessible();
    expect(root.querySelector('dialog')?.open).to.equal(true);
  });

  it('shows nothing of its form before the button is pressed and after it is closed', async () => {
    const root = await openForm();
    const dialog = root.querySelector('dialog')!;
    expect(dialog.checkVisibility()).to.equal(true);
    dialog.close();
    expect(dialog.checkVisibility()).to.equal(false);
  });

  it('sends both passwords, and says that it was done', async () => {
    const root = await openForm();
    await saveSays(root, 'The password was changed.');
    expect(open.control.asked).to.include(
      'changePassword({"current":"demo","password":"copper-kettle-91"})',
    );
  });

  it('says why it was refused', async () => {
    const root = await openForm();
    open.control.changePassword = () => Promise.reject(new RtcDeskError('unauthorized'));
    await saveSays(root, 'The current password is wrong.');
    open.control.changePassword = () => Promise.reject(new RtcDeskError('password-refused'));
    await saveSays(root, 'This password is too easy to guess.');
  });

  it('is not offered to an agent without a password here', async () => {
    open = await openDesk();
    open.control.show({}, { byPassword: false });
    await open.settle();
    const header = within(open.desk, 'rtc-desk-header');
    expect(header.querySelector('rtc-change-password')).to.equal(null);
  });
});
