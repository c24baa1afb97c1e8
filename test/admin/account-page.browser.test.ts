import { expect } from '@open-wc/testing';
import { setViewport } from '@web/test-runner-commands';
import { ownerSession, refuse } from '../support/fake-rest.ts';
import { OpenConsole, until } from '../support/open-console.ts';

const PASSWORD = '/agent-sessions/current/password';
const FACTOR = '/agent-sessions/current/second-factor';
const RECOVERY = '/agent-sessions/current/recovery-codes';
const GOOD_CODES = ['123456', 'abcde-fghjk'];
const PRESENT_CODE = 'Code of the present app, or a recovery code';
const CODES = Array.from({ length: 10 }, (_, i) => `aaaaa-bbbb${i}`);
const NEW_FACTOR = {
  secret: 'JBSWY3DPEHPK3PXP',
  uri: 'otpauth://totp/Demo:olivia?secret=JBSWY3DPEHPK3PXP',
};

describe('the page of the own account', () => {
  let open: OpenConsole;
  afterEach(() => open.close());
  const last = (path: string) => open.rest.requests.filter((one) => one.path === path).at(-1);

  /** The console of an owner, with or without a second factor. */
  const at = async (secondFactor: boolean, path = '/admin/account') => {
    open = await OpenConsole.at(path, {
      prepare: (rest) => {
        rest.session = { ...ownerSession, secondFactor, recoveryCodes: secondFactor ? 7 : 0 };
        rest.answers.set(`POST ${FACTOR}`, () => ({ status: 201, body: NEW_FACTOR }));
        rest.answers.set(`PUT ${FACTOR}`, ({ body }) => {
          const { code, enabled } = body as { code: string; enabled: boolean };
          if (!GOOD_CODES.includes(code)) return refuse(401, 'unauthorized');
          return enabled ? { status: 200, body: { recoveryCodes: CODES } } : { status: 204 };
        });
        rest.answers.set(`POST ${RECOVERY}`, ({ body }) => {
          const { code } = body as { code: string };
          if (!GOOD_CODES.includes(code)) return refuse(401, 'unauthorized');
          return { status: 201, body: { recoveryCodes: CODES } };
        });
        rest.answers.set(`PUT ${PASSWORD}`, ({ body }) => {
          const { current } = body as { current: string };
          return current === 'old-password' ? { status: 204 } : refuse(401, 'unauthorized');
        });
      },
    });
    await open.says('My account');
  };

  it('is accessible on a phone, with and without a second factor, and while one is set up', async () => {
    await setViewport({ width: 390, height: 844 });
    await at(true);
    await expect(await open.shows('rtc-account-page')).to.be.accessible();
    open.close();
    await at(false);
    await open.press('Set up an authenticator app');
    await open.says(NEW_FACTOR.secret);
    await expect(await open.shows('rtc-account-page')).to.be.accessible();
  });

  it('is reached from the menu of the account', async () => {
    await at(false, '/admin/agents');
    (await open.shows('header wa-dropdown [slot=trigger]')).click();
    const item = await open.shows('wa-dropdown-item[value=account]');
    await until('the open menu', () => item.checkVisibility());
    item.click();
    await open.says('Present password');
    expect(location.pathname).to.equal('/admin/account');
  });

  it('changes the password with the present one, and takes a wrong one for no end of the session', async () => {
    await at(false);
    await open.enter('Present password', 'wrong-password');
    await open.enter('New password', 'short');
    await open.enter('The same again', 'other');
    await open.press('Change the password');
    await open.says('The two entries differ.');
    expect(last(PASSWORD)).to.equal(undefined);
    await open.enter('New password', 'copper-kettle-91');
    await open.enter('The same again', 'copper-kettle-91');
    await open.press('Change the password');
    await open.says('The present password is wrong.');
    expect(open.all('rtc-lost-session')).to.deep.equal([]);
    await open.enter('Present password', 'old-password');
    await open.press('Change the password');
    await open.says('The password was changed.');
    expect(last(PASSWORD)?.body).to.deep.equal({
      current: 'old-password',
      password: 'copper-kettle-91',
    });
    expect((await open.field('New password')).value).to.equal('');
  });

  it('says that the session has ended where that is why the server refuses', async () => {
    await at(false);
    open.rest.session = null;
    await open.enter('Present password', 'wrong-password');
    await open.enter('New password', 'copper-kettle-91');
    await open.enter('The same again', 'copper-kettle-91');
    await open.press('Change the password');
    await open.shows('rtc-lost-session');
  });

  it('switches a second factor on with the first code of the app', async () => {
    await at(false);
    await open.press('Set up an authenticator app');
    const code = await open.shows<SVGElement>('.qr');
    expect(code.getAttribute('aria-label')).to.equal('QR code for the authenticator app');
    await open.enter('Code that the app shows', '12');
    await open.press('Switch it on');
    await open.says('Enter the six digits of the code.');
    await open.enter('Code that the app shows', '000000');
    await open.press('Switch it on');
    await open.says('The code is wrong');
    await open.enter('Code that the app shows', '123 456');
    await open.press('Switch it on');
    await open.says('On. Each sign-in needs a code');
    expect(last(FACTOR)?.body).to.deep.equal({ code: '123456', enabled: true });
    expect(open.text).not.to.contain(NEW_FACTOR.secret);
    await open.says(CODES[9]!);
    await open.press('Done');
    await until('no codes', () => !open.text.includes(CODES[0]!));
    await open.says('You have 10 recovery codes left.');
  });

  it('makes new recovery codes by a code of the app or an old recovery code', async () => {
    await at(true);
    await open.says('You have 7 recovery codes left.');
    await open.enter(PRESENT_CODE, 'abcd');
    await open.press('Make new recovery codes');
    await open.says('Enter the six digits of the code, or a recovery code.');
    await open.enter(PRESENT_CODE, 'abcde-fghjk');
    await open.press('Make new recovery codes');
    await open.says(CODES[0]!);
    expect(last(RECOVERY)?.body).to.deep.equal({ code: 'abcde-fghjk' });
    await open.press('Done');
    await open.says('You have 10 recovery codes left.');
  });

  it('removes the second factor, or moves it to another app, with a code of the present one', async () => {
    await at(true);
    await open.enter(PRESENT_CODE, '123456');
    await open.press('Remove the second factor');
    await open.says('Off. With it,');
    expect(last(FACTOR)?.body).to.deep.equal({ code: '123456', enabled: false });
    open.close();
    await at(true);
    await open.enter(PRESENT_CODE, '123456');
    await open.press('Move to another app');
    await open.says(NEW_FACTOR.secret);
    expect(last(FACTOR)?.method).to.equal('POST');
  });
});
