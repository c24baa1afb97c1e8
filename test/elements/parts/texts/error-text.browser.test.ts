import { expect } from '@open-wc/testing';
import { LOCALE_STATUS_EVENT } from '@lit/localize';
import type { CallErrorEvent } from '../../../../src/elements/parts/events/call-error-event.ts';
import { errorText, tellError } from '../../../../src/elements/parts/texts/error-text.ts';

describe('what is said of a failure', () => {
  it('is asked for with the first one, and then whoever shows texts is told to look again', async () => {
    const told = new Promise((resolve) => {
      window.addEventListener(LOCALE_STATUS_EVENT, resolve, { once: true });
    });
    expect(errorText('no-camera')).to.deep.equal({ text: '', hint: '' });
    await told;
    expect(errorText('no-camera').text).to.equal('No camera was found.');
  });

  it('goes to the page in words, however early it is told', async () => {
    const page = new EventTarget();
    const heard: unknown[] = [];
    page.addEventListener('call-error', (event) => heard.push((event as CallErrorEvent).detail));
    await tellError(page, 'queue-full');
    expect(heard).to.deep.equal([
      {
        code: 'queue-full',
        message: 'Too many people are waiting at the moment.',
        hint: 'Please try again in a few minutes.',
      },
    ]);
  });
});
