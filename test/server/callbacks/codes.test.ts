import assert from 'node:assert/strict';
import { createECDH, randomBytes, randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { callbackCode, readCallbackCode } from '../../../src/server/callbacks/callback-code.ts';
import { pushKeys } from '../../../src/server/callbacks/push-keys.ts';

const key = randomBytes(32);

describe('the code of a callback', () => {
  it('opens its callback, and has the form of a resume token', () => {
    const id = randomUUID();
    const code = callbackCode(key, id);
    assert.match(code, /^[A-Za-z0-9_-]{43}$/);
    assert.equal(readCallbackCode(key, code), id);
    assert.equal(callbackCode(key, id), code);
  });

  it('opens nothing where it was changed, made with another key or is something else', () => {
    const code = callbackCode(key, randomUUID());
    const changed = `${code[0] === 'A' ? 'B' : 'A'}${code.slice(1)}`;
    const foreign = callbackCode(randomBytes(32), randomUUID());
    for (const wrong of [changed, foreign, '', 'x'.repeat(43), randomUUID(), `${code}AA`]) {
      assert.equal(readCallbackCode(key, wrong), null, wrong);
    }
  });
});

describe('the keys for web push', () => {
  it('are the same on each node, and a pair of the curve P-256', () => {
    const { publicKey, privateKey } = pushKeys(key);
    assert.deepEqual(pushKeys(key), { publicKey, privateKey });
    const curve = createECDH('prime256v1');
    curve.setPrivateKey(privateKey, 'base64url');
    assert.equal(curve.getPublicKey('base64url'), publicKey);
    assert.notEqual(pushKeys(randomBytes(32)).publicKey, publicKey);
  });
});
