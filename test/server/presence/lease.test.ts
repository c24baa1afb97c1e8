import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Lease } from '../../../src/server/presence/lease.ts';
import { timeouts } from '../../../src/server/settings/timeouts.ts';

describe('the lease of a node', () => {
  it('ends before other nodes declare the node dead, counted from before its heartbeat was sent', () => {
    let now = 1_000;
    const lease = new Lease(() => now);
    assert.equal(lease.valid, false);
    const askedAt = now;
    now += 3_000; // the answer took its time
    lease.renew(askedAt);
    assert.equal(lease.valid, true);
    now = askedAt + timeouts.lease * 1_000;
    assert.equal(lease.valid, false);
    assert.ok(timeouts.lease < timeouts.node);
  });

  it('is not renewed by an answer to a heartbeat that was sent before a long sleep', () => {
    let now = 0;
    const lease = new Lease(() => now);
    now += 30_000;
    lease.renew(0);
    assert.equal(lease.valid, false);
  });
});
