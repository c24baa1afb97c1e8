import { expect } from '@open-wc/testing';
import {
  isErrorCode,
  PERSON_ERROR_CODES,
  PROTOCOL_ERROR_CODES,
} from '../../src/protocol/error-codes.ts';
import { RtcDeskError } from '../../src/protocol/errors.ts';

describe('errors', () => {
  it('know every code once', () => {
    const all = [...PERSON_ERROR_CODES, ...PROTOCOL_ERROR_CODES];
    expect(new Set(all).size).to.equal(all.length);
    for (const code of all) expect(isErrorCode(code), code).to.equal(true);
  });

  it('tell a foreign reason from a code of ours', () => {
    for (const value of ['', 'toString', '__proto__', 'OFFLINE', null, 1, {}, undefined]) {
      expect(isErrorCode(value), String(value)).to.equal(false);
    }
  });

  it('keep their code, what was said about it, and what caused them', () => {
    const cause = new DOMException('no', 'NotAllowedError');
    const error = new RtcDeskError('permission-denied', 'The camera was refused.', { cause });
    expect(error).to.be.instanceOf(Error);
    expect(error.name).to.equal('RtcDeskError');
    expect(error.code).to.equal('permission-denied');
    expect(error.cause).to.equal(cause);
    expect(new RtcDeskError('offline').message).to.equal('offline');
  });
});
