import { expect } from '@open-wc/testing';
import { Store } from '../../src/snapshot/store.ts';

describe('Store', () => {
  it('keeps the same frozen snapshot until a field changes', () => {
    const store = new Store({ count: 1, name: 'a' });
    const before = store.getSnapshot();
    store.update({ count: 1 });
    expect(store.getSnapshot()).to.equal(before);
    expect(Object.isFrozen(before)).to.equal(true);
    store.update({ count: 2 });
    expect(store.getSnapshot()).to.deep.equal({ count: 2, name: 'a' });
  });

  it('calls each subscriber for each change, until it unsubscribes', () => {
    const store = new Store({ count: 0 });
    const seen: number[] = [];
    const stop = store.subscribe(() => seen.push(store.getSnapshot().count));
    store.update({ count: 1 });
    store.update({ count: 1 });
    store.update({ count: 2 });
    stop();
    store.update({ count: 3 });
    expect(seen).to.deep.equal([1, 2]);
  });

  it('does not call a subscriber that unsubscribes during the same change', () => {
    const store = new Store({ count: 0 });
    const told: string[] = [];
    store.subscribe(() => {
      told.push('first');
      stop();
    });
    const stop = store.subscribe(() => told.push('second'));
    store.update({ count: 1 });
    expect(told).to.deep.equal(['first']);
  });
});
