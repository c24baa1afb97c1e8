import { expect } from '@open-wc/testing';
import { MeshStatistics } from '../../../src/media/mesh/statistics.ts';
import {
  carriedQuality,
  networkQuality,
  worstQuality,
  type DirectionSample,
} from '../../../src/media/mesh/network-quality.ts';

const PERFECT: DirectionSample = {
  roundTrip: 1,
  loss: 0,
  jitter: 0,
  available: 3_000_000,
  frozen: 0,
};

describe('networkQuality', () => {
  for (const [what, change, quality] of [
    ['a perfect way', {}, 5],
    ['a way about which nothing is known', { roundTrip: null, loss: null }, 0],
    ['a way on which nothing arrives', { loss: 1 }, 0],
    ['100 ms there and back', { roundTrip: 100 }, 5],
    ['500 ms there and back', { roundTrip: 500 }, 3],
    ['1 % loss', { loss: 0.01 }, 4],
    ['4 % loss', { loss: 0.04 }, 3],
    ['7 % loss', { loss: 0.07 }, 2],
    ['20 % loss', { loss: 0.2 }, 1],
    ['100 ms of jitter', { jitter: 100 }, 4],
    ['room for 90 kb/s', { available: 90_000 }, 2],
    ['room for 200 kb/s', { available: 200_000 }, 3],
    ['a picture that stands still for 5 % of the time', { frozen: 0.05 }, 4],
    ['a picture that stands still for half of the time', { frozen: 0.5 }, 2],
  ] as const) {
    it(`rates ${what} ${quality}`, () => {
      expect(networkQuality({ ...PERFECT, ...change })).to.equal(quality);
    });
  }

  it('never rises with more loss or delay', () => {
    for (const field of ['loss', 'roundTrip'] as const) {
      let last = 5;
      for (let step = 0; step < 100; step += 1) {
        const value = field === 'loss' ? step / 100 : step * 20;
        const quality = networkQuality({ ...PERFECT, [field]: value });
        expect(quality).to.be.at.most(last);
        last = quality;
      }
    }
  });

  it('tells what the network carries apart from what a busy device spoils', () => {
    const busy = { ...PERFECT, roundTrip: 2_000, jitter: 500, frozen: 1 };
    expect(networkQuality(busy)).to.equal(1);
    expect(carriedQuality(busy)).to.equal(5);
    expect(carriedQuality({ ...PERFECT, loss: 0.2 })).to.equal(1);
    expect(carriedQuality({ ...PERFECT, available: 90_000 })).to.equal(2);
  });

  it('takes the worst of the known ones', () => {
    expect(worstQuality([5, 0, 3])).to.equal(3);
    expect(worstQuality([0, 0])).to.equal(0);
    expect(worstQuality([])).to.equal(0);
  });
});

describe('MeshStatistics', () => {
  const connection = {} as RTCPeerConnection;
  const report = (at: number, packets: number, lost: number) =>
    new Map<string, unknown>([
      ['in', { type: 'inbound-rtp', timestamp: at, packetsReceived: packets, packetsLost: lost }],
      ['out', { type: 'outbound-rtp', timestamp: at, packetsSent: packets }],
      [
        'far',
        { type: 'remote-inbound-rtp', timestamp: at, packetsLost: lost * 2, roundTripTime: 0.1 },
      ],
    ]);

  it('returns what happened between two readings, not since the start', () => {
    const statistics = new MeshStatistics();
    expect(statistics.handleReport(connection, report(0, 1_000, 500))).to.equal(null);
    const sample = statistics.handleReport(connection, report(2_000, 1_090, 510))!;
    expect(sample.received.loss).to.equal(0.1);
    expect(sample.sent.loss).to.be.closeTo(20 / 90, 0.001);
    expect(sample.sent.roundTrip).to.equal(100);
  });

  it('starts again with another connection', () => {
    const statistics = new MeshStatistics();
    statistics.handleReport(connection, report(0, 1_000, 0));
    const other = {} as RTCPeerConnection;
    expect(statistics.handleReport(other, report(2_000, 10, 0))).to.equal(null);
  });

  it('knows nothing about receiving if nothing arrives', () => {
    const statistics = new MeshStatistics();
    statistics.handleReport(connection, report(0, 1_000, 0));
    const sample = statistics.handleReport(connection, report(2_000, 1_000, 0))!;
    expect(networkQuality(sample.received)).to.equal(0);
  });

  it('does not count a late packet as negative loss', () => {
    const statistics = new MeshStatistics();
    statistics.handleReport(connection, report(0, 1_000, 10));
    const sample = statistics.handleReport(connection, report(2_000, 1_100, 5))!;
    expect(sample.received.loss).to.equal(0);
  });
});
