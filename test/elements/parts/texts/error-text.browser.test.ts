import { expect } from '@open-wc/testing';
import { LOCALE_STATUS_EVENT } from '@lit/localize';
import type { CallErrorEvent } from '../../../../src/elements/parts/events/call-error-event.ts';
import { errorText, tellError } from '../../../../src/elements/parts/texts/error-text.ts';

describe('the text of a failure', () => {
  it('is there at once for a lost connection, without which no text can be loaded', () => {
    expect(errorText('offline')).to.deep.equal({
      text: 'There is no connection.',
      hint: 'Check your internet connection, then try again.',
    });
  });

  it('is loaded with the first failure, and then shown by every element', async () => {
    const told = new Promise((resolve) => {
      window.addEventListener(LOCALE_STATUS_EVENT, resolve, { once: true });
    });
    expect(errorText('no-camera')).to.deep.equal({ text: '', hint: '' });
    await told;
    expect(errorText('no-camera').text).to.equal('No camera was found.');
  });

  it('is in the event even if the texts were not loaded before', async () => {
    const page = new EventTarget();
    const heard: unknown[] = [];
    page.addEventListener('call-error', (event) => heard.push((event as CallErrorEvent).detail));
    await tellError(page, 'queue-full');
    expect(heard).to.deep.equal([
      {
        code: 'queue-full',
        message: 'Too many people are waiting right now.',
        hint: 'Please try again in a few minutes.',
      },
    ]);
  });
});
