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

  it('restarts at once what failed, again with growing patience, and then has it built anew', async () => {
    recovery.handleState('failed');
    expect(did).to.deep.equal(['restart']);
    await clock.advance(9_900);
    expect(did).to.deep.equal(['restart', 'restart', 'restart']);
    await clock.advance(200);
    expect(did.at(-1)).to.equal('rebuild');
  });

  it('has a session built anew that never connects, with growing patience', async () => {
    recovery.handleStart();
    await clock.advance(10_000);
    expect(did).to.deep.equal(['rebuild']);
    recovery.handleStart();
    await clock.advance(19_000);
    expect(did).to.deep.equal(['rebuild']);
    await clock.advance(1_000);
    expect(did).to.deep.equal(['rebuild', 'rebuild']);
  });

  it('waits for nothing once connected', async () => {
    recovery.handleStart();
    recovery.handleState('disconnected');
    recovery.handleState('connected');
    expect(clock.pending).to.equal(0);
    await clock.advance(60_000);
    expect(did).to.deep.equal([]);
  });

  it('does not count a second word of the same break', async () => {
    recovery.handleState('disconnected');
    await clock.advance(2_000);
    recovery.handleState('disconnected');
    await clock.advance(600);
    expect(did).to.deep.equal(['restart']);
  });
});
