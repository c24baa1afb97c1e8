import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Frame } from 'puppeteer-core';
import type { CallPage, Transcript } from '../../src/protocol/rest/calls.ts';
import { axeViolations } from '../support/axe.ts';
import { Browsers } from '../support/browsers.ts';
import { DeskProcess } from '../support/desk-process.ts';
import {
  find,
  gone,
  has,
  meet,
  openChat,
  press,
  sees,
  shows,
  signIn,
  write,
} from '../support/page-actions.ts';
import { readyRecording } from '../support/await-recording.ts';
import { recordingSettings } from '../support/recording-settings.ts';
import { RestSession } from '../support/rest-session.ts';
import { waitUntil } from '../support/wait-until.ts';

/** Between what is said, so that the time line has it at different moments. */
const BETWEEN_MS = 4_000;
const passes = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Runs in a page: a stand-in of the browser's recognition, because the one of the tests' browser has no languages. What
 * it hears, `say` tells it.
 */
function putSpeech(): void {
  const running = new Set<EventTarget>();
  class Speech extends EventTarget {
    static available = async () => 'available';
    start(track: MediaStreamTrack): void {
      if (track.kind === 'audio' && track.readyState === 'live') running.add(this);
    }
    stop(): void {
      running.delete(this);
    }
  }
  const say = (transcript: string) => {
    for (const one of running) {
      for (const isFinal of [false, true]) {
        const results = [{ isFinal, 0: { transcript } }];
        one.dispatchEvent(Object.assign(new Event('result'), { resultIndex: 0, results }));
      }
      // A recognition that has finished a line ends, and another one begins.
      running.delete(one);
      one.dispatchEvent(new Event('end'));
    }
  };
  Object.defineProperty(globalThis, 'SpeechRecognition', { value: Speech });
  Object.assign(globalThis, { __say: say, __listens: () => running.size > 0 });
}

interface Speaking {
  readonly __say: (text: string) => void;
  readonly __listens: () => boolean;
}

async function says(person: Frame, text: string): Promise<void> {
  await waitUntil('the browser listens', () =>
    person.evaluate(() => (globalThis as unknown as Speaking).__listens()),
  );
  await person.evaluate((words) => (globalThis as unknown as Speaking).__say(words), text);
}

describe('a call with captions', { timeout: 300_000 }, () => {
  let server: DeskProcess;
  let owner: RestSession;
  const browsers = new Browsers();
  let visitor: Frame;
  let agent: Frame;
  /** Of the owner. */
  let console: Frame;
  const recording = recordingSettings({ mode: 'always' });

  before(async () => {
    server = await DeskProcess.start();
    owner = await RestSession.signIn(server.url, 'demo', 'olivia', 'demo');
    await owner.send('PATCH', '/site', {
      captions: { mode: 'kept', languages: ['en-US'] },
      recording,
    });
    agent = await browsers.desk(server.url);
    visitor = await browsers.visitor(server.url);
    for (const person of [agent, visitor]) await person.evaluate(putSpeech);
    await signIn(agent, 'alice');
    await press(visitor, 'Video call');
    await meet(agent, visitor);
  });
  afterEach((test) => browsers.report(test));
  after(async () => {
    await browsers.close();
    await server?.dispose();
  });

  /** Resolves when the other one's page knows of it: the message comes after what the captions tell. */
  const showCaptions = async (person: Frame, other: Frame, message: string) => {
    // The entry is there once the other one's browser has told that it can write.
    await waitUntil('captions can be shown', async () => {
      await press(person, 'More');
      if (await has(person, 'menuitem', 'Show captions')) return true;
      await person.page().keyboard.press('Escape');
      return false;
    });
    await press(person, 'Show captions', 'menuitem');
    await openChat(person);
    await write(person, message);
    await sees(other, message);
  };

  it('shows what one says to the other, who wants to read it', async () => {
    for (const person of [agent, visitor]) await sees(person, 'What is said is written down');
    await showCaptions(visitor, agent, 'I read along.');
    await says(agent, 'Which lamp is red?');
    await sees(visitor, 'Which lamp is red?');
    assert.deepEqual(await axeViolations(visitor), []);
    await passes(BETWEEN_MS);
    // The agent has not asked for captions.
    await says(visitor, 'The second lamp.');
    assert.equal(await shows(agent, 'The second lamp.'), false);
    await showCaptions(agent, visitor, 'See page 12.');
    await says(visitor, 'It blinks now.');
    await sees(agent, 'It blinks now.');
  });

  it('writes nothing of a muted microphone, and keeps nothing of a pause', async () => {
    await press(visitor, 'Mute microphone');
    await waitUntil('the browser no longer listens', async () => {
      return !(await visitor.evaluate(() => (globalThis as unknown as Speaking).__listens()));
    });
    await press(visitor, 'Unmute microphone');
    await press(agent, 'Pause recording');
    await sees(visitor, 'The recording is paused');
    await says(visitor, 'My card is 4111.');
    await sees(agent, 'My card is 4111.');
    await passes(BETWEEN_MS);
    await press(agent, 'Resume recording');
    await sees(visitor, 'This call is being recorded');
    await passes(BETWEEN_MS);
    await says(agent, 'Good bye.');
    await sees(visitor, 'Good bye.');
    await passes(BETWEEN_MS);
  });

  it('keeps the transcript, and finds it again', async () => {
    await press(agent, 'End call');
    await gone(agent, 'button', 'End call');
    const { calls } = await owner.send<CallPage>('GET', '/calls');
    const { captions } = await owner.send<Transcript>('GET', `/calls/${calls[0]!.id}/transcript`);
    assert.deepEqual(
      captions.map(({ role, text, language }) => [role, text, language]),
      [
        ['agent', 'Which lamp is red?', 'en-US'],
        ['visitor', 'The second lamp.', 'en-US'],
        ['visitor', 'It blinks now.', 'en-US'],
        ['agent', 'Good bye.', 'en-US'],
      ],
    );
    console = await browsers.person(`${server.url}/admin?site=demo&lang=en`);
    await find(console, 'textbox', 'Username');
    await console.page().keyboard.type('olivia');
    await console.page().keyboard.press('Tab');
    await console.page().keyboard.type('demo');
    await console.page().keyboard.press('Enter');
    await find(console, 'heading', 'Live board');
    await console.page().goto(`${server.url}/admin/calls/search?text=lamp`);
    await sees(console, 'All calls have been searched.');
    await sees(console, 'The second lamp.');
    assert.deepEqual(await axeViolations(console), []);
  });

  it('plays the recording from the moment of a line on', async () => {
    const ready = await readyRecording(owner);
    await console.page().goto(`${server.url}/admin/calls/${ready.call}`);
    await find(console, 'slider', 'Time line');
    assert.deepEqual(await axeViolations(console), []);
    const video = await waitUntil('there is a video', () => console.$('>>> video'));
    const position = () => video.evaluate((one) => (one as HTMLVideoElement).currentTime);
    const entry = await waitUntil('the last line', async () => {
      for (const one of await console.$$('>>> .entry')) {
        const text = await one.evaluate((element) => element.textContent ?? '');
        if (text.includes('Good bye.')) return one;
      }
      return null;
    });
    await waitUntil('the recording is loaded', () =>
      video.evaluate((one) => (one as HTMLVideoElement).readyState > 0),
    );
    await entry.click();
    const { captions } = await owner.send<Transcript>('GET', `/calls/${ready.call}/transcript`);
    const line = captions.find(({ text }) => text === 'Good bye.')!;
    // After the pause a new segment began.
    const segment = ready.manifest!.segments.findLast(({ startedAt }) => startedAt <= line.at)!;
    const expected = (segment.startMs + line.at - segment.startedAt) / 1000;
    const at = await waitUntil('it goes there', async () => (await position()) > 4 && position());
    assert.ok(Math.abs(at - expected) < 1, `${at} instead of ${expected} s`);
    await waitUntil('the line is marked', () =>
      entry.evaluate((element) => element.getAttribute('aria-current') === 'true'),
    );
    assert.equal(
      await shows(console, 'My card is 4111.'),
      false,
      'what was said in the pause is shown',
    );
    for (const person of [agent, visitor, console]) {
      assert.deepEqual(browsers.complaints(person), []);
    }
  });
});
