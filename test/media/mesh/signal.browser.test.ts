import { expect } from '@open-wc/testing';
import { readMeshSignal } from '../../../src/media/mesh/signal.ts';

const states = { sequence: 1, cameraOn: true, microphoneOn: true, screenOn: false };
const offer = { kind: 'offer', by: 'ann', serial: 1, number: 1, sdp: 'v=0', states };
const candidate = {
  candidate: 'candidate:1 1 udp 1 127.0.0.1 9 typ host',
  sdpMid: '0',
  sdpMLineIndex: 0,
  usernameFragment: 'abcd',
};

describe('readMeshSignal', () => {
  it('reads every kind of signal, and drops further fields', () => {
    const known = [
      offer,
      { ...offer, kind: 'answer' },
      { kind: 'candidate', by: 'ann', serial: 1, candidate },
      { kind: 'restart', by: 'ann', serial: 1 },
      { kind: 'states', states },
      { kind: 'bye' },
    ];
    for (const signal of known) {
      const received: unknown = JSON.parse(JSON.stringify({ ...signal, extra: 1 }));
      expect(readMeshSignal(received, 'bob')).to.deep.equal(signal);
    }
  });

  it('takes an offer that names nobody for one of its sender', () => {
    expect(readMeshSignal({ ...offer, by: undefined }, 'bob')).to.deep.equal({
      ...offer,
      by: 'bob',
    });
  });

  for (const [what, data] of [
    ['nothing', null],
    ['a list', []],
    ['an unknown kind', { kind: 'shout' }],
    ['an offer without a description', { ...offer, sdp: undefined }],
    ['an offer without a name', { ...offer, by: 1 }],
    ['an answer without a name', { ...offer, kind: 'answer', by: undefined }],
    ['a negative serial', { ...offer, serial: -1 }],
    ['a number that is none', { ...offer, number: '1' }],
    ['a number beyond counting', { ...offer, number: 1e300 }],
    ['states that are not said', { ...offer, states: { sequence: 1 } }],
    ['a candidate without a candidate', { kind: 'candidate', by: 'ann', serial: 1, candidate: {} }],
  ] as const) {
    it(`refuses ${what}`, () => {
      expect(readMeshSignal(data, 'bob')).to.equal(null);
    });
  }
});
