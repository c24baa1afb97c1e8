import { expect } from '@open-wc/testing';
import { RtcDeskError } from '../../src/protocol/errors.ts';

describe('RtcDeskError', () => {
  it('can be made on a page that freezes the prototypes of the language', () => {
    const own = Object.getOwnPropertyDescriptor(Error.prototype, 'name')!;
    // As frozen, but so that the other tests of this page can undo it.
    Object.defineProperty(Error.prototype, 'name', { ...own, writable: false });
    try {
      const error = new RtcDeskError('offline');
      expect(error.name).to.equal('RtcDeskError');
      expect(`${error}`).to.equal('RtcDeskError: offline');
    } finally {
      Object.defineProperty(Error.prototype, 'name', own);
    }
  });
});
