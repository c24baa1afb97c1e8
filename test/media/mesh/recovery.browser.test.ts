import { expect } from '@open-wc/testing';
import { MeshRecovery } from '../../../src/media/mesh/recovery.ts';
import { FakeClock } from '../../support/fake-clock.ts';

describe('MeshRecovery', () => {
  let clock: FakeClock;
  let did: string[];
  let recovery: MeshRecovery;
  beforeEach(() => {
    clock = new FakeClock();
    did = [];
    recovery = new MeshRecovery(clock, {
      restart: () => did.push('restart'),
      rebuild: () => did.push('rebuild'),
    });
  });

  it('restarts a failed connection at once, again after growing times, and then replaces it', async () => {
    recovery.handleState('failed');
    expect(did).to.deep.equal(['restart']);
    await clock.advance(9_900);
    expect(did).to.deep.equal(['restart', 'restart', 'restart']);
    await clock.advance(200);
    expect(did.at(-1)).to.equal('rebuild');
  });

  it('replaces a connection that never connects, after growing times', async () => {
    recovery.handleStart();
    await clock.advance(10_000);
    expect(did).to.deep.equal(['rebuild']);
    recovery.handleStart();
    await clock.advance(19_000);
    expect(did).to.deep.equal(['rebuild']);
    await clock.advance(1_000);
    expect(did).to.deep.equal(['rebuild', 'rebuild']);
  });

  it('has no timer once connected', async () => {
    recovery.handleStart();
    recovery.handleState('disconnected');
    recovery.handleState('connected');
    expect(clock.pending).to.equal(0);
    await clock.advance(60_000);
    expect(did).to.deep.equal([]);
  });

  it('counts a repeated state once', async () => {
    recovery.handleState('disconnected');
    await clock.advance(2_000);
    recovery.handleState('disconnected');
    await clock.advance(600);
    expect(did).to.deep.equal(['restart']);
  });
});
