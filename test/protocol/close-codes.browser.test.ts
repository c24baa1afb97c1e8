import { expect } from '@open-wc/testing';
import { CloseCode, finalError } from '../../src/protocol/close-codes.ts';

describe('close codes', () => {
  it('are ones that a WebSocket may carry', () => {
    for (const code of Object.values(CloseCode)) {
      const registered = [1009, 1011, 1012].includes(code);
      expect(registered || (code >= 4000 && code <= 4999), String(code)).to.equal(true);
    }
  });

  it('are all different', () => {
    const codes = Object.values(CloseCode);
    expect(new Set(codes).size).to.equal(codes.length);
  });

  it('tell a client to come back after a restart, a fault, a flood or a cut', () => {
    const comeBack = [1000, 1001, 1005, 1006, 1009, 1011, 1012, 4408, 4429];
    for (const code of comeBack) expect(finalError(code), String(code)).to.equal(undefined);
  });

  it('tell a client to stay away if the same hello would be refused again', () => {
    const errors = [4400, 4401, 4403, 4406, 4409].map(finalError);
    expect(errors).to.deep.equal([
      ...['bad-message', 'unauthorized', 'forbidden', 'unsupported-protocol'],
      'signed-in-elsewhere',
    ]);
  });
});
