import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { WakeLock } from '../../../../src/elements/call-room/phone/wake-lock.ts';

class FakePage extends EventTarget {
  visibilityState: DocumentVisibilityState = 'visible';
  show(state: DocumentVisibilityState): void {
    this.visibilityState = state;
    this.dispatchEvent(new Event('visibilitychange'));
  }
}

function fake() {
  const page = new FakePage();
  let asked = 0;
  let held = 0;
  let refused = false;
  const lock = new WakeLock(
    {
      request: async () => {
        asked++;
        if (refused) throw new DOMException('low battery', 'NotAllowedError');
        held++;
        return Object.assign(new EventTarget(), { release: async () => void held-- });
      },
    },
    page as never,
  );
  return {
    ...{ page, lock },
    refuse: () => (refused = true),
    get asked() {
      return asked;
    },
    get held() {
      return held;
    },
  };
}
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('the wake lock', () => {
  it('is held once, and asked for again when the page is visible again', async () => {
    const one = fake();
    one.lock.hold();
    one.lock.hold();
    await settle();
    assert.deepEqual([one.asked, one.held], [1, 1]);
    one.page.show('hidden');
    await settle();
    assert.equal(one.asked, 1);
    one.page.show('visible');
    await settle();
    assert.deepEqual([one.asked, one.held], [2, 1]);
  });

  it('is given back, also if that was asked before the browser had granted it', async () => {
    const one = fake();
    one.lock.hold();
    one.lock.release();
    await settle();
    assert.equal(one.held, 0);
    one.page.show('visible');
    await settle();
    assert.equal(one.asked, 1);
  });

  it('does without it where the browser refuses', async () => {
    const one = fake();
    one.refuse();
    one.lock.hold();
    await settle();
    assert.equal(one.held, 0);
    one.lock.release();
  });
});
