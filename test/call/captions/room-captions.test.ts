import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { captionLanguages } from '../../../src/call/captions/caption-languages.ts';
import { RoomCaptions } from '../../../src/call/captions/room-captions.ts';
import type { NewCaption } from '../../../src/call/room-control.ts';
import type { SpeechRecognizer, SpokenLine } from '../../../src/media/speech.ts';
import { FakeClock, settle } from '../../support/fake-clock.ts';
import {
  FakeRoomControl,
  localMedia,
  person,
  roomSnapshot,
} from '../../support/fake-room-control.ts';

/** Says what the test lets it say. */
class ScriptedRecognizer implements SpeechRecognizer {
  microphone: MediaStreamTrack | null = null;
  onFailure: SpeechRecognizer['onFailure'] = null;
  translateTo: readonly string[] = [];
  starts = 0;
  #onLine: ((line: SpokenLine) => void) | null = null;

  start(
    microphone: MediaStreamTrack,
    onLine: (line: SpokenLine) => void,
    translateTo: readonly string[] = [],
  ): void {
    this.starts += 1;
    this.microphone = microphone;
    this.translateTo = translateTo;
    this.#onLine = onLine;
  }
  stop(): void {
    this.microphone = this.#onLine = null;
  }
  say(text: string, final = true, id = 'line', translations?: SpokenLine['translations']): void {
    const line = { id, text, language: 'en-US', final, startedAt: 5 };
    this.#onLine?.({ ...line, ...(translations && { translations }) });
  }
}

const microphone = { kind: 'audio' } as MediaStreamTrack;
const withMicrophone = (state: 'on' | 'off') => ({
  ...localMedia,
  microphone: { ...localMedia.microphone, state, track: microphone },
});

class TestRoom extends FakeRoomControl {
  readonly kept: NewCaption[] = [];
  /** Of the cloud; null: there is none. */
  cloud: SpeechRecognizer | null = null;
  readonly cloudAsked: (readonly string[])[] = [];
  openTranscriber = (languages: readonly string[]) => {
    this.cloudAsked.push(languages);
    return this.cloud;
  };
  keepCaption = async (caption: NewCaption) => {
    this.kept.push(caption);
    return { kept: true };
  };
}

async function begin({ kept = false, able = true } = {}) {
  const clock = new FakeClock();
  const recognizer = new ScriptedRecognizer();
  const room = new TestRoom({
    captions: { kept, languages: [] },
    local: withMicrophone('on'),
    connectedAt: 1,
  });
  const captions = new RoomCaptions(room, clock, {
    language: 'en-GB',
    findRecognizer: async () => (able ? recognizer : null),
  });
  await settle();
  const told = () =>
    room.asked
      .filter((one) => one.startsWith('sendToTool('))
      .map((one) => one.slice('sendToTool('.length, -1));
  const alice = (message: object) => captions.handleMessage(message, 'alice');
  const state = (able: boolean, wanted: boolean) => alice({ kind: 'state', able, wanted });
  const texts = () => captions.getSnapshot().lines.map(({ text }) => text);
  return { clock, recognizer, room, captions, told, alice, state, texts };
}

describe('the captions of a room', () => {
  it('tell the others whether this browser can write, and whether this person reads', async () => {
    const { captions, told } = await begin();
    assert.equal(
      told().at(-1),
      JSON.stringify({
        ...{ tool: 'captions', kind: 'state', able: true, wanted: false },
        language: 'en-GB',
      }),
    );
    captions.setShown(true);
    assert.match(told().at(-1) ?? '', /"wanted":true/);
  });

  it('tell it again to somebody who comes later, and not at every change of the room', async () => {
    const { room, told } = await begin();
    const before = told().length;
    room.update({ audioBlocked: true });
    assert.equal(told().length, before);
    room.update({ people: [...roomSnapshot.people, person({ id: 'bea' })] });
    assert.equal(told().length, before + 1);
  });

  it('are offered only while somebody else’s browser can write', async () => {
    const { captions, room, state } = await begin();
    assert.equal(captions.getSnapshot().offered, false);
    state(true, false);
    assert.equal(captions.getSnapshot().offered, true);
    state(false, false);
    assert.equal(captions.getSnapshot().offered, false);
    state(true, false);
    room.update({ people: roomSnapshot.people.slice(0, 1) });
    assert.equal(captions.getSnapshot().offered, false);
  });

  it('listen to nobody before somebody reads, and while the microphone is off', async () => {
    const { recognizer, room, state } = await begin();
    assert.equal(recognizer.microphone, null);
    state(false, true);
    assert.equal(recognizer.microphone, microphone);
    room.update({ local: withMicrophone('off') });
    assert.equal(recognizer.microphone, null);
    room.update({ local: withMicrophone('on') });
    assert.equal(recognizer.microphone, microphone);
    state(false, false);
    assert.equal(recognizer.microphone, null);
  });

  it('go to those who read, unfinished lines at most three times a second, finished ones always', async () => {
    const { clock, recognizer, told, state } = await begin();
    state(false, true);
    const before = told().length;
    recognizer.say('Which', false);
    recognizer.say('Which lamp', false);
    await clock.advance(400);
    recognizer.say('Which lamp is', false);
    recognizer.say('Which lamp is on?');
    assert.deepEqual(
      told()
        .slice(before)
        .map((one) => {
          const [message, to] = one.split(/, (?=\w+$)/);
          const { text, final } = JSON.parse(message!) as { text: string; final: boolean };
          return [text, final, to];
        }),
      [
        ['Which', false, 'alice'],
        ['Which lamp is', false, 'alice'],
        ['Which lamp is on?', true, 'alice'],
      ],
    );
  });

  it('are kept where the site says so, finished lines only, also while nobody reads', async () => {
    const { recognizer, room, captions } = await begin({ kept: true });
    assert.equal(recognizer.microphone, microphone);
    assert.equal(captions.getSnapshot().kept, true);
    recognizer.say('Hel', false);
    recognizer.say('Hello');
    assert.deepEqual(room.kept, [
      { captionId: 'line', text: 'Hello', language: 'en-US', startedAt: 5 },
    ]);
  });

  it('are not kept otherwise, and nobody is told that they are where nobody can write', async () => {
    const shown = await begin();
    shown.state(false, true);
    shown.recognizer.say('Hello');
    assert.deepEqual(shown.room.kept, []);
    assert.equal(shown.captions.getSnapshot().kept, false);
    const unable = await begin({ kept: true, able: false });
    assert.equal(unable.captions.getSnapshot().kept, false);
    unable.state(true, false);
    assert.equal(unable.captions.getSnapshot().kept, true);
  });

  it('show the last three lines of others, each until nothing is added to it for a while', async () => {
    const { clock, captions, alice, texts } = await begin();
    const line = (id: string, text: string, final = true) =>
      alice({ kind: 'line', id, text, language: 'zh-CN', final });
    line('0', 'unseen');
    assert.deepEqual(texts(), []);
    captions.setShown(true);
    line('1', 'one', false);
    line('2', 'two');
    line('1', 'one and a half');
    assert.deepEqual(texts(), ['one and a half', 'two']);
    line('3', 'three');
    line('4', 'four');
    assert.deepEqual(texts(), ['two', 'three', 'four']);
    await clock.advance(7_900);
    line('4', 'four and a half');
    await clock.advance(200);
    assert.deepEqual(texts(), ['four and a half']);
    captions.setShown(false);
    assert.deepEqual(texts(), []);
  });

  it('drop what is no line', async () => {
    const { captions, alice } = await begin();
    captions.setShown(true);
    for (const wrong of [
      { id: 1, text: 'a' },
      { id: 'a' },
      { id: 'a'.repeat(65), text: 'a' },
      {},
    ]) {
      alice({ kind: 'line', ...wrong });
    }
    alice({ kind: 'other' });
    assert.deepEqual(captions.getSnapshot().lines, []);
    alice({ kind: 'line', id: 'a', text: '字'.repeat(600), language: '<b>', final: 'yes' });
    const [line] = captions.getSnapshot().lines;
    assert.deepEqual([line?.text.length, line?.language, line?.final], [500, '', false]);
  });

  it('stop with the room, and when the browser refuses', async () => {
    const { clock, recognizer, room, captions, alice, state } = await begin();
    state(true, true);
    captions.setShown(true);
    alice({ kind: 'line', id: '1', text: 'one', language: 'en', final: true });
    recognizer.onFailure?.();
    assert.match(room.asked.at(-1) ?? '', /"able":false/);
    room.update({ state: 'left' });
    assert.deepEqual(captions.getSnapshot().lines, []);
    assert.equal(clock.pending, 0);
  });
});

describe('the captions of a room by the cloud', () => {
  async function beginCloud({
    kept = false,
    translate = false,
    state = 'joined' as 'joining' | 'joined',
    cloud = new ScriptedRecognizer() as ScriptedRecognizer | null,
  } = {}) {
    const clock = new FakeClock();
    const browser = new ScriptedRecognizer();
    const room = new TestRoom({
      ...{ captions: { kept, languages: ['en-US'], cloud: { translate } }, state, connectedAt: 1 },
      local: withMicrophone('on'),
    });
    room.cloud = cloud;
    let sought = 0;
    const captions = new RoomCaptions(room, clock, {
      language: 'en-GB',
      findRecognizer: async () => ((sought += 1), browser),
    });
    await settle();
    const peer = (id: string, state: object) =>
      captions.handleMessage({ kind: 'state', able: true, wanted: true, ...state }, id);
    const sent = () =>
      room.asked.flatMap((one) => {
        const [, message, to] = /^sendToTool\((\{.*\}), (\w+)\)$/.exec(one) ?? [];
        return message ? [[to, JSON.parse(message) as Record<string, unknown>] as const] : [];
      });
    return { browser, cloud: cloud!, room, captions, peer, sent, sought: () => sought };
  }
  const CHINESE = { language: 'zh', text: '哪盏灯？' };

  it('wait for the room, and leave the browser’s recogniser alone', async () => {
    const { room, cloud, browser, peer, sought } = await beginCloud({ state: 'joining' });
    assert.deepEqual(room.cloudAsked, []);
    room.update({ state: 'joined' });
    room.update({ audioBlocked: true });
    await settle();
    assert.deepEqual(room.cloudAsked, [['en-US']]);
    peer('alice', { language: 'zh-CN' });
    assert.deepEqual([cloud.microphone, browser.microphone], [microphone, null]);
    assert.equal(sought(), 0);
    // The site does not pay for translations.
    assert.deepEqual(cloud.translateTo, []);
  });

  it('are translated into the languages of those who read, and each reader gets the own one', async () => {
    const { room, cloud, peer, sent } = await beginCloud({ translate: true });
    room.update({ people: [...roomSnapshot.people, person({ id: 'bea' })] });
    peer('alice', { language: 'zh-CN' });
    assert.deepEqual(cloud.translateTo, ['zh-CN']);
    peer('bea', { language: 'fr', wanted: false });
    assert.deepEqual([cloud.translateTo, cloud.starts], [['zh-CN'], 1]);
    peer('bea', { language: 'fr' });
    assert.deepEqual([cloud.translateTo, cloud.starts], [['fr', 'zh-CN'], 2]);
    cloud.say('Which lamp?', true, 'line', [CHINESE]);
    assert.deepEqual(
      sent().map(([to, { text, translation }]) => [to, text, translation]),
      [
        ['alice', 'Which lamp?', CHINESE],
        ['bea', 'Which lamp?', undefined],
      ],
    );
    // What is no language is none.
    peer('bea', { language: '<b>' });
    assert.deepEqual(cloud.translateTo, ['zh-CN']);
  });

  it('are kept with their translations', async () => {
    const { room, cloud } = await beginCloud({ kept: true, translate: true });
    cloud.say('Which lamp?', true, 'line', [CHINESE]);
    cloud.say('Good bye.', true, 'other', []);
    assert.deepEqual(
      room.kept.map(({ text, translations }) => [text, translations]),
      [
        ['Which lamp?', [CHINESE]],
        ['Good bye.', undefined],
      ],
    );
  });

  it('show a translation that somebody else’s cloud has made, and drop what is none', async () => {
    const { captions } = await beginCloud();
    captions.setShown(true);
    const line = { kind: 'line', id: '1', text: '红色的。', language: 'zh-CN', final: true };
    const translation = { language: 'en', text: 'The red one.' };
    captions.handleMessage({ ...line, translation }, 'alice');
    assert.deepEqual(captions.getSnapshot().lines[0]?.translation, translation);
    for (const wrong of ['The red one.', { text: 'x' }, { language: 'en', text: 1 }, null]) {
      captions.handleMessage({ ...line, translation: wrong }, 'alice');
      assert.equal(captions.getSnapshot().lines[0]?.translation, undefined);
    }
  });

  it('are written by the browser where the cloud refuses, which is told', async () => {
    const refused = await beginCloud();
    refused.peer('alice', {});
    refused.cloud.onFailure?.('forbidden');
    await settle();
    assert.equal(refused.captions.getSnapshot().cloudError, 'forbidden');
    assert.equal(refused.browser.microphone, microphone);
  });

  it('are written by the browser where the media have no cloud, or end, without a word', async () => {
    const without = await beginCloud({ cloud: null });
    without.peer('alice', {});
    assert.equal(without.browser.microphone, microphone);
    assert.equal(without.captions.getSnapshot().cloudError, null);
    const ended = await beginCloud();
    ended.peer('alice', {});
    ended.cloud.onFailure?.();
    await settle();
    assert.equal(ended.browser.microphone, microphone);
    assert.equal(ended.captions.getSnapshot().cloudError, null);
  });
});

describe('the languages of captions', () => {
  it('are those of the site, the person’s own first; or else the person’s own', () => {
    assert.deepEqual(captionLanguages([], 'zh'), ['zh-CN']);
    assert.deepEqual(captionLanguages([], 'en-GB'), ['en-GB']);
    assert.deepEqual(captionLanguages(['zh-CN', 'en', 'en-GB'], 'en-NZ'), [
      'en-US',
      'en-GB',
      'zh-CN',
    ]);
    assert.deepEqual(captionLanguages(['zh-CN', 'de-DE'], 'fr-FR'), ['zh-CN', 'de-DE']);
  });
});
