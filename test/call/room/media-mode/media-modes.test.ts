import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import {
  MediaModes,
  type MediaCondition,
} from '../../../../src/call/room/media-mode/media-modes.ts';
import type { MediaModeSnapshot } from '../../../../src/call/room-control.ts';
import type { LocalMedia, LocalMediaSnapshot } from '../../../../src/media/local-media.ts';
import type { MediaSnapshot, Quality, RemoteMedia } from '../../../../src/media/media.ts';
import { Cancellation } from '../../../../src/platform/cancellation.ts';
import { Store } from '../../../../src/snapshot/store.ts';
import { FakeClock, settle } from '../../../support/fake-clock.ts';

const SECOND = 1_000;

/** Somebody in a room, whose network a test makes. */
class Person {
  readonly left = new Cancellation();
  readonly shown: MediaModeSnapshot[] = [];
  readonly told: unknown[] = [];
  readonly store = new Store<Pick<LocalMediaSnapshot, 'held'>>({});
  condition: MediaCondition;
  refuses = false;
  callbacks = 0;
  readonly modes: MediaModes;
  /** Messages do not arrive. */
  cut = false;
  other: Person | null = null;

  constructor(
    readonly id: string,
    clock: FakeClock,
    others: readonly string[],
    guest = false,
  ) {
    this.condition = { media: media(5), failed: false, online: true, others };
    this.modes = new MediaModes({
      local: Object.assign(this.store, {
        adapt: (change: Partial<LocalMediaSnapshot>) => this.store.update(change),
      }) as unknown as LocalMedia,
      clock,
      left: this.left,
      read: () => this.condition,
      tell: (message) => {
        this.told.push(message['mode']);
        if (!this.cut) this.other?.modes.handleMessage(this.id, message);
      },
      callBack: guest
        ? null
        : async () => {
            this.callbacks += 1;
            if (this.refuses) throw new Error('refused');
          },
      onChange: (snapshot) => this.shown.push(snapshot),
    });
  }

  get held() {
    return this.store.getSnapshot().held ?? [];
  }
  get now() {
    return this.shown.at(-1);
  }
}

const remote = (quality: Quality, state: RemoteMedia['state']): RemoteMedia => ({
  ...{ id: 'other', state, quality, level: 0, cameraOn: true, microphoneOn: true },
  ...{ camera: null, screen: null },
});

function media(quality: Quality, state: RemoteMedia['state'] = 'connected'): MediaSnapshot {
  return {
    ...{ state: 'entered', error: null, audioBlocked: false, quality },
    remotes: [remote(quality, state)],
  };
}

let clock: FakeClock;
let visitor: Person;
let agent: Person;

beforeEach(() => {
  clock = new FakeClock();
  visitor = new Person('visitor', clock, ['agent']);
  agent = new Person('agent', clock, ['visitor']);
  [visitor.other, agent.other] = [agent, visitor];
});

const network = (person: Person, change: Partial<MediaCondition>) => {
  person.condition = { ...person.condition, ...change };
};

test('what a busy device spoils changes nothing while the network carries everything', async () => {
  const slow = media(1);
  const [other] = slow.remotes;
  network(visitor, { media: { ...slow, remotes: [{ ...other!, carried: 5 }] } });
  await clock.advance(60 * SECOND);
  assert.deepEqual(visitor.held, []);
  assert.equal(visitor.now?.mode, 'video');
  network(visitor, { media: { ...media(5), remotes: [{ ...other!, quality: 5, carried: 1 }] } });
  await clock.advance(10 * SECOND);
  assert.equal(visitor.now?.mode, 'audio');
});

test('both go down with the worse side, and up again, and both are told', async () => {
  network(visitor, { media: media(1) });
  await clock.advance(10 * SECOND);
  for (const person of [visitor, agent]) {
    assert.deepEqual(person.held, ['camera', 'screen'], person.id);
    assert.deepEqual(person.now, { mode: 'audio', improved: false, callback: 'none' });
  }
  await clock.advance(20 * SECOND);
  for (const person of [visitor, agent]) {
    assert.deepEqual(person.held, ['camera', 'screen', 'microphone'], person.id);
    assert.equal(person.now?.mode, 'chat');
  }
  network(visitor, { media: media(4) });
  await clock.advance(20 * SECOND);
  for (const person of [visitor, agent]) {
    assert.deepEqual(person.now, { mode: 'audio', improved: true, callback: 'none' }, person.id);
    assert.deepEqual(person.held, ['camera', 'screen']);
  }
  await clock.advance(20 * SECOND);
  for (const person of [visitor, agent]) {
    assert.deepEqual(person.now, { mode: 'video', improved: true, callback: 'none' }, person.id);
    assert.deepEqual(person.held, []);
  }
  await clock.advance(10 * SECOND);
  assert.equal(agent.now?.improved, false);
});

test('a mode is told again, and forgotten where it is not', async () => {
  visitor.cut = true;
  network(visitor, { media: media(2) });
  await clock.advance(12 * SECOND);
  assert.deepEqual(agent.held, []);
  visitor.cut = false;
  await clock.advance(10 * SECOND);
  assert.deepEqual(agent.held, ['camera', 'screen']);
  visitor.cut = true;
  await clock.advance(32 * SECOND);
  assert.deepEqual(agent.held, []);
});

test('a message that makes no sense changes nothing', async () => {
  for (const mode of ['loud', 7, null, undefined, ['chat']]) {
    agent.modes.handleMessage('visitor', { tool: 'media-mode', mode });
  }
  await clock.advance(2 * SECOND);
  assert.deepEqual(agent.held, []);
});

test('among more people each one holds back only what they send', async () => {
  network(agent, { others: ['visitor', 'guest'] });
  network(visitor, { media: media(1), others: ['agent', 'guest'] });
  await clock.advance(10 * SECOND);
  assert.deepEqual(visitor.held, ['camera', 'screen']);
  assert.deepEqual(agent.held, []);
});

test('an interrupted connection leads to the chat and then to a callback, and the sound comes back with it', async () => {
  const broken = { media: media(0, 'reconnecting') };
  network(visitor, broken);
  await clock.advance(18 * SECOND);
  assert.equal(visitor.now?.mode, 'video');
  await clock.advance(2 * SECOND);
  assert.deepEqual(visitor.now, { mode: 'chat', improved: false, callback: 'none' });
  assert.deepEqual(visitor.held, []);
  await clock.advance(20 * SECOND);
  assert.equal(visitor.now?.callback, 'offered');
  network(visitor, { media: media(4) });
  await clock.advance(2 * SECOND);
  assert.deepEqual(visitor.now, { mode: 'video', improved: true, callback: 'none' });
});

test('a callback is offered at once where the media were given up, and where the chat is stuck', async () => {
  network(visitor, { media: null, failed: true });
  await clock.advance(2 * SECOND);
  assert.deepEqual(visitor.now, { mode: 'chat', improved: false, callback: 'offered' });
  assert.equal(agent.now?.mode, 'chat');
  network(agent, { online: false });
  await clock.advance(18 * SECOND);
  assert.equal(agent.now?.callback, 'none');
  await clock.advance(2 * SECOND);
  assert.equal(agent.now?.callback, 'offered');
});

test('a callback is asked for once, and can be tried again where it failed', async () => {
  network(visitor, { media: null, failed: true });
  await clock.advance(2 * SECOND);
  visitor.refuses = true;
  await visitor.modes.askForCallback();
  assert.equal(visitor.now?.callback, 'failed');
  visitor.refuses = false;
  await Promise.all([visitor.modes.askForCallback(), visitor.modes.askForCallback()]);
  await settle();
  assert.equal(visitor.now?.callback, 'asked');
  assert.equal(visitor.callbacks, 2);
});

test('a guest is offered no callback', async () => {
  const guest = new Person('guest', clock, ['other'], true);
  network(guest, { media: null, failed: true });
  await clock.advance(60 * SECOND);
  await guest.modes.askForCallback();
  assert.deepEqual(guest.now, { mode: 'chat', improved: false, callback: 'none' });
  guest.left.cancel();
});

test('nothing runs after the room was left', () => {
  for (const person of [visitor, agent]) person.left.cancel();
  assert.equal(clock.pending, 0);
});
