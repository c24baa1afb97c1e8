import { expect } from '@open-wc/testing';
import type { SpeechRecognizer, SpokenLine } from '../../../src/media/speech.ts';
import {
  spokenLanguage,
  translatedLanguage,
} from '../../../src/media/trtc/transcriber-languages.ts';
import { settle } from '../../support/fake-clock.ts';
import { sdkError } from '../../support/trtc-stand-in.ts';
import { TrtcWorld, type Member } from './trtc-world.ts';

const PLUGIN = 'RealtimeTranscriber';
/** The plugin's own file. With it here, a task starts without waiting for the network. */
const loaded = import('trtc-sdk-v5/plugins/realtime-transcriber/realtime-transcriber.esm.js');
const microphone = {} as MediaStreamTrack;

describe('the transcription by TRTC', () => {
  let world: TrtcWorld;
  let ann: Member;
  let bob: Member;
  let lines: SpokenLine[];
  let failures: (string | undefined)[];

  beforeEach(async () => {
    world = new TrtcWorld();
    ann = await world.enter('ann');
    bob = await world.enter('bob');
    lines = [];
    failures = [];
  });
  afterEach(() => world.end());

  function open({ room }: Member, languages = ['en-US']): SpeechRecognizer {
    const recognizer = room.openTranscriber(languages);
    expect(recognizer === null).to.equal(false);
    recognizer!.onFailure = (reason) => failures.push(reason);
    return recognizer!;
  }
  const start = async (recognizer: SpeechRecognizer, translateTo?: readonly string[]) => {
    recognizer.start(microphone, (line) => lines.push(line), translateTo);
    await loaded;
    await settle();
  };
  const task = ({ sdk }: Member) => sdk.plugins.started.get(PLUGIN);
  const calls = ({ sdk }: Member) => sdk.calls.filter((call) => /Plugin$/.test(call));
  const texts = () => lines.map(({ text }) => text);

  it('is a task for the own person alone, in the first language that the cloud knows', async () => {
    await start(open(ann, ['nl-NL', 'zh-CN', 'en-US']));
    expect(task(ann)).to.deep.equal({
      sourceLanguage: 'zh',
      userIdsToTranscribe: ['ann'],
      transcriberRobotId: 'asr_ann',
    });
    expect(task(bob)).to.equal(undefined);
  });

  it('is not there in languages that the cloud does not know, and after the room', async () => {
    expect(ann.room.openTranscriber(['nl-NL', 'x-klingon']) === null).to.equal(true);
    await bob.room.leave();
    expect(bob.room.openTranscriber(['en-US']) === null).to.equal(true);
  });

  it('passes each line on at its speaker only, although the cloud tells everybody', async () => {
    const others: SpokenLine[] = [];
    await start(open(ann));
    const second = open(bob, ['zh-CN']);
    second.start(microphone, (line) => others.push(line));
    await settle();
    world.cloud.transcribe('ann', { sourceText: ' Which lamp? ', isCompleted: true });
    world.cloud.transcribe('bob', { sourceText: '红色的。' });
    world.cloud.transcribe('ann', { segmentId: '2', sourceText: '  ' });
    expect(lines.map(({ text, language, final }) => [text, language, final])).to.deep.equal([
      ['Which lamp?', 'en-US', true],
    ]);
    expect(others.map(({ text, language, final }) => [text, language, final])).to.deep.equal([
      ['红色的。', 'zh-CN', false],
    ]);
  });

  it('keeps the id and the beginning of a line through its states', async () => {
    await start(open(ann));
    world.cloud.transcribe('ann', { sourceText: 'Which' });
    world.cloud.transcribe('ann', { segmentId: '2', sourceText: 'And' });
    world.cloud.transcribe('ann', { sourceText: 'Which lamp?', isCompleted: true });
    const [first, other, last] = lines;
    expect(first?.id).to.match(/^[0-9a-f]{8}-/);
    expect([last?.id, last?.startedAt]).to.deep.equal([first?.id, first?.startedAt]);
    expect(other?.id).not.to.equal(first?.id);
  });

  it('translates into the languages of readers that the cloud knows, without the own one', async () => {
    const recognizer = open(ann);
    await start(recognizer, ['zh-CN', 'en-GB', 'zh-TW', 'nl', 'fr-FR']);
    expect(task(ann)).to.deep.include({ translationLanguages: ['fr', 'zh'] });
    const translationTexts = [
      { language: 'zh', text: ' 哪盏灯？ ' },
      { language: 'fr', text: '' },
    ];
    world.cloud.transcribe('ann', { sourceText: 'Which lamp?', translationTexts });
    // The other form that the SDK's guide shows.
    const object = { zh: '哪盏灯？' } as unknown as typeof translationTexts;
    world.cloud.transcribe('ann', { sourceText: 'Which lamp?', translationTexts: object });
    world.cloud.transcribe('ann', { sourceText: 'Oh', translationTexts: undefined as never });
    const chinese = [{ language: 'zh', text: '哪盏灯？' }];
    expect(lines.map(({ translations }) => translations)).to.deep.equal([chinese, chinese, []]);
  });

  it('begins another task for other languages, and none for the same', async () => {
    const recognizer = open(ann);
    await start(recognizer, []);
    await start(recognizer, ['en-GB']);
    expect(calls(ann)).to.deep.equal(['startPlugin']);
    await start(recognizer, ['zh-CN']);
    expect(calls(ann)).to.deep.equal(['startPlugin', 'stopPlugin', 'startPlugin']);
    expect(task(ann)).to.deep.include({ translationLanguages: ['zh'] });
  });

  it('goes on through a short mute, so that the end of a sentence is not lost', async () => {
    const recognizer = open(ann);
    await start(recognizer);
    recognizer.stop();
    await world.clock.advance(9_000);
    world.cloud.transcribe('ann', { sourceText: 'the end', isCompleted: true });
    await start(recognizer);
    await world.clock.advance(60_000);
    expect(texts()).to.deep.equal(['the end']);
    expect(calls(ann)).to.deep.equal(['startPlugin']);
    recognizer.stop();
    recognizer.stop();
    await world.clock.advance(10_100);
    expect(task(ann)).to.equal(undefined);
    world.cloud.transcribe('ann', { segmentId: '3', sourceText: 'too late' });
    expect(texts()).to.deep.equal(['the end']);
  });

  it('reports forbidden where the cloud refuses it, and media-failed where nothing answers', async () => {
    world.cloud.transcriptionRefused = -100_035;
    await start(open(ann));
    expect(failures).to.deep.equal(['forbidden']);
    world.cloud.transcriptionRefused = 0;
    let go = () => {};
    world.cloud.draw = () => new Promise((resolve) => (go = resolve));
    await start(open(bob));
    await world.clock.advance(10_100);
    expect(failures).to.deep.equal(['forbidden', 'media-failed']);
    // It starts late, and is stopped.
    go();
    await settle();
    expect(calls(bob)).to.deep.equal(['startPlugin', 'stopPlugin']);
    expect(task(bob)).to.equal(undefined);
  });

  it('reports unsupported-browser where the SDK has no way to ask', async () => {
    world.cloud.draw = () => {
      throw sdkError(5200);
    };
    await start(open(ann));
    expect(failures).to.deep.equal(['unsupported-browser']);
  });

  it('begins again when the cloud ends a task, and gives up if that happens at once', async () => {
    await start(open(ann));
    const ended = () => {
      ann.sdk.plugins.started.delete(PLUGIN);
      const state = { state: 'stopped', roomId: 4711, transcriberRobotId: 'asr_ann' } as const;
      ann.sdk.emit('realtime-transcriber-state-changed', {
        ...state,
        transcriberRobotId: 'asr_bob',
      });
      ann.sdk.emit('realtime-transcriber-state-changed', state);
      return settle();
    };
    await world.clock.advance(40_000);
    await ended();
    expect(calls(ann)).to.deep.equal(['startPlugin', 'startPlugin']);
    expect(failures).to.deep.equal([]);
    await ended();
    expect(calls(ann)).to.deep.equal(['startPlugin', 'startPlugin']);
    expect(failures).to.deep.equal(['media-failed']);
  });

  it('ends with the room, also while it starts, and says so without a reason', async () => {
    await start(open(ann));
    world.cloud.draw = () => Promise.resolve();
    open(bob).start(microphone, (line) => lines.push(line));
    await Promise.all([ann.room.leave(), bob.room.leave()]);
    for (const member of [ann, bob]) expect(task(member)).to.equal(undefined);
    expect(failures).to.deep.equal([undefined, undefined]);
  });
});

describe('the languages of the transcription by TRTC', () => {
  it('are found by tags', () => {
    const tags = ['en-GB', 'zh-CN', 'ZH-Hant-TW', 'zh-HK', 'yue', 'zh-Hant-HK', 'fil', 'nl', ''];
    expect(tags.map(spokenLanguage)).to.deep.equal([
      ...['en', 'zh', 'zh', 'zh-yue', 'zh-yue', 'zh-yue', 'fil', null, null],
    ]);
    expect(tags.map(translatedLanguage)).to.deep.equal([
      ...['en', 'zh', 'zh', 'zh', null, 'zh', null, null, null],
    ]);
  });
});
