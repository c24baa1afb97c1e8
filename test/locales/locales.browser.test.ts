import { expect } from '@open-wc/testing';
import { msg } from '@lit/localize';
import { getLocale, setLocale } from '../../src/locales/locales.ts';

describe('the language of a page', () => {
  it('is the one that was requested last, also while another one is loading', async () => {
    const chinese = setLocale('zh-CN');
    await setLocale('en');
    await chinese;
    expect(getLocale()).to.equal('en');
    expect(msg('Try again')).to.equal('Try again');
  });

  it('changes to a translation and back', async () => {
    await setLocale('zh-CN');
    expect(getLocale()).to.equal('zh-CN');
    expect(msg('Try again')).not.to.equal('Try again');
    await setLocale('en');
    expect(msg('Try again')).to.equal('Try again');
  });

  it('stays as it is where the requested texts do not exist', async () => {
    let failure: unknown;
    await setLocale('fr').catch((error: unknown) => (failure = error));
    expect(failure).to.be.an('error');
    expect(getLocale()).to.equal('en');
  });
});
