import { expect } from '@open-wc/testing';
import { CallLock } from '../../../src/call/visitor/call-lock.ts';
import { browserPlatform } from '../../../src/platform/browser.ts';
import type { HeldLock } from '../../../src/platform/platform.ts';
import { until } from '../../support/fake-clock.ts';

const SERVER = 'https://desk.example.com';

describe('CallLock', () => {
  const held: HeldLock[] = [];
  let site = 0;
  let lost = 0;
  const onLost = () => void (lost += 1);
  const tab = () => new CallLock(browserPlatform, SERVER, `site-${site}`);
  const keep = (lock: HeldLock | null) => {
    if (lock) held.push(lock);
    return lock;
  };

  beforeEach(() => {
    site += 1;
    lost = 0;
  });
  afterEach(() => {
    for (const lock of held.splice(0)) lock.release();
    // An own property of the test's: the browser's own is on the prototype.
    delete (navigator as { locks?: LockManager }).locks;
  });

  /** A browser that answers `late` ms after it was asked. */
  function answerLate(late: number): void {
    const { locks } = navigator;
    const request = async (...asked: Parameters<LockManager['request']>): Promise<unknown> => {
      await new Promise((resolve) => setTimeout(resolve, late));
      return locks.request(...asked);
    };
    Object.defineProperty(navigator, 'locks', { configurable: true, value: { request } });
  }

  it('is held by one tab', async () => {
    expect(keep(await tab().take(onLost))).to.not.equal(null);
    expect(await tab().take(onLost)).to.equal(null);
    expect(await tab().takeAfterLoad(onLost)).to.equal(null);
    expect(lost).to.equal(0);
  });

  it('is taken also if the browser answers later than the wait for another tab', async () => {
    answerLate(600);
    expect(keep(await tab().take(onLost))).to.not.equal(null);
  });

  it('is not taken from another tab if the browser answers late', async () => {
    keep(await tab().take(onLost));
    answerLate(100);
    expect(await tab().take(onLost)).to.equal(null);
  });

  it('is taken once an earlier page has released it', async () => {
    const former = await tab().take(onLost);
    const next = tab().takeAfterLoad(onLost);
    former?.release();
    expect(keep(await next)).to.not.equal(null);
    expect(lost).to.equal(0);
  });

  it('is told to be free when the tab that holds it is gone', async () => {
    const former = await tab().take(onLost);
    let free = false;
    const told = tab()
      .untilFree()
      .then(() => (free = true));
    expect(await tab().take(onLost)).to.equal(null);
    expect(free).to.equal(false);
    former?.release();
    await told;
    expect(keep(await tab().take(onLost))).to.not.equal(null);
  });

  it('reports once that another tab has taken it', async () => {
    const former = await tab().take(onLost);
    keep(await tab().steal(onLost));
    await until(() => lost > 0);
    expect(lost).to.equal(1);
    former?.release();
    expect(await tab().take(onLost)).to.equal(null);
    expect(lost).to.equal(1);
  });

  it('is given to every tab if the browser has no locks', async () => {
    Object.defineProperty(navigator, 'locks', { configurable: true, value: undefined });
    expect(await tab().take(onLost)).to.not.equal(null);
    expect(await tab().take(onLost)).to.not.equal(null);
  });
});
