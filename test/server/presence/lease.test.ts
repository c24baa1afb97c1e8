import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Lease } from '../../../src/server/presence/lease.ts';
import { timeouts } from '../../../src/server/settings/timeouts.ts';

describe('the lease of a node', () => {
  it('ends before the others take the node for dead, counted from before its heartbeat was sent', () => {
    let now = 1_000;
    const lease = new Lease(() => now);
    assert.equal(lease.holds, false);
    const askedAt = now;
    now += 3_000; // the answer took its time
    lease.renew(askedAt);
    assert.equal(lease.holds, true);
    now = askedAt + timeouts.lease * 1_000;
    assert.equal(lease.holds, false);
    assert.ok(timeouts.lease < timeouts.node);
  });

  it('is not won back by an answer that was asked for before a long sleep', () => {
    let now = 0;
    const lease = new Lease(() => now);
    now += 30_000;
    lease.renew(0);
    assert.equal(lease.holds, false);
  });
});
