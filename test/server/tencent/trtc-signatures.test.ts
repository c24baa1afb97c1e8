import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ParticipantRole } from '../../../src/protocol/views.ts';
import { TrtcSigner } from '../../../src/server/tencent/trtc-signatures.ts';
import { openSignature } from '../../support/open-signature.ts';
import { TEST_TRTC } from '../../support/test-trtc.ts';

/** The bits of the PrivateMapKey of a participant who may do this. */
function bitsOf(role: ParticipantRole, speak: boolean, show: boolean, hidden = false): number {
  const { privateMapKey } = new TrtcSigner(TEST_TRTC).media(
    { participant: 'p-1', room: 7, role, permissions: { speak, show, hidden } },
    300,
  );
  return openSignature(privateMapKey, TEST_TRTC.secretKey).map?.bits ?? assert.fail();
}

const CREATE = 1;
const JOIN = 2;
const RECEIVE = 8 | 32 | 128;
const SPEAK = 4;
const SHOW = 16 | 64;

test('a key for media allows to send what the participant may send, and always to join and to receive', () => {
  assert.equal(bitsOf('agent', true, true), CREATE | JOIN | RECEIVE | SPEAK | SHOW);
  assert.equal(bitsOf('visitor', true, true), JOIN | RECEIVE | SPEAK | SHOW);
  assert.equal(bitsOf('guest', true, false), CREATE | JOIN | RECEIVE | SPEAK);
  assert.equal(bitsOf('guest', false, true), CREATE | JOIN | RECEIVE | SHOW);
  assert.equal(bitsOf('agent', false, false), CREATE | JOIN | RECEIVE);
});

test('no visitor and nobody who is hidden may create the room', () => {
  for (const speak of [true, false]) {
    for (const show of [true, false]) {
      assert.equal(bitsOf('visitor', speak, show) & CREATE, 0);
      assert.equal(bitsOf('agent', speak, show, true) & CREATE, 0);
    }
  }
});
