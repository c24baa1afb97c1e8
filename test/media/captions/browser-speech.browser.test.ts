import { expect, waitUntil } from '@open-wc/testing';
import { findBrowserSpeech } from '../../../src/media/captions/browser-speech.ts';
import type { SpeechRecognizer, SpokenLine } from '../../../src/media/speech.ts';
import { FakeSpeech } from '../../support/fake-speech.ts';

const own = Object.getOwnPropertyDescriptor(globalThis, 'SpeechRecognition');
const put = (value: unknown) =>
  Object.defineProperty(globalThis, 'SpeechRecognition', { value, configurable: true });

describe('the speech recognition of the browser', () => {
  let microphone: MediaStreamTrack;
  let context: AudioContext;
  let recognizer: SpeechRecognizer | null = null;
  const lines: SpokenLine[] = [];
  const newest = () => FakeSpeech.made.at(-1)!;

  beforeEach(() => {
    FakeSpeech.reset();
    lines.length = 0;
    put(FakeSpeech);
    context = new AudioContext();
    microphone = context.createMediaStreamDestination().stream.getAudioTracks()[0]!;
  });
  afterEach(async () => {
    recognizer?.stop();
    recognizer = null;
    if (own) Object.defineProperty(globalThis, 'SpeechRecognition', own);
    else Reflect.deleteProperty(globalThis, 'SpeechRecognition');
    await context.close();
  });

  async function begin(): Promise<SpeechRecognizer> {
    recognizer = await findBrowserSpeech(['de-DE', 'en-US']);
    if (!recognizer) throw new Error('There is no recogniser.');
    recognizer.start(microphone, (line) => lines.push(line));
    await waitUntil(() => FakeSpeech.made.at(-1)?.running, 'it listens');
    return recognizer;
  }

  it('is used only where the sound stays on the device, in the first language that it knows', async () => {
    await begin();
    expect(FakeSpeech.asked).to.deep.equal(['available de-DE true', 'available en-US true']);
    const { lang, processLocally, continuous, interimResults, track } = newest();
    expect([lang, processLocally, continuous, interimResults]).to.deep.equal([
      ...['en-US', true, true, true],
    ]);
    expect(track).to.equal(microphone);
  });

  it('is not there where the browser has none, or none on the device', async () => {
    FakeSpeech.state = 'unavailable';
    expect(await findBrowserSpeech(['en-US'])).to.equal(null);
    // An older browser, which sends the sound to a server.
    put(class {});
    expect(await findBrowserSpeech(['en-US'])).to.equal(null);
    put(undefined);
    expect(await findBrowserSpeech(['en-US'])).to.equal(null);
  });

  it('downloads a language when it is needed for the first time', async () => {
    FakeSpeech.state = 'downloadable';
    const found = await begin();
    expect(FakeSpeech.asked).to.include('install en-US');
    FakeSpeech.installs = false;
    FakeSpeech.asked.length = 0;
    found.start(microphone, () => {});
    await waitUntil(() => FakeSpeech.made.length === 2 && newest().running, 'it listens again');
    expect(FakeSpeech.asked).to.deep.equal([]);
  });

  it('fails where a language cannot be downloaded', async () => {
    FakeSpeech.state = 'downloadable';
    FakeSpeech.installs = false;
    recognizer = await findBrowserSpeech(['en-US']);
    await new Promise<void>((resolve) => {
      recognizer!.onFailure = () => resolve();
      recognizer!.start(microphone, () => {});
    });
    expect(FakeSpeech.made).to.deep.equal([]);
  });

  it('tells a line again with each word until it is finished, and then begins another', async () => {
    await begin();
    newest().hear(0, ' Which', false);
    newest().hear(0, ' Which lamp?', true);
    newest().hear(1, '', false);
    newest().hear(1, 'The red one', false);
    expect(lines.map(({ text, final, language }) => [text, final, language])).to.deep.equal([
      ['Which', false, 'en-US'],
      ['Which lamp?', true, 'en-US'],
      ['The red one', false, 'en-US'],
    ]);
    expect(lines[1]!.id).to.equal(lines[0]!.id);
    expect(lines[1]!.startedAt).to.equal(lines[0]!.startedAt);
    expect(lines[2]!.id).not.to.equal(lines[0]!.id);
  });

  it('begins again when the browser ends it, and not after it was stopped', async () => {
    const found = await begin();
    newest().end();
    await waitUntil(() => FakeSpeech.made.length === 2 && newest().running, 'it listens again');
    found.stop();
    expect(newest().running).to.equal(false);
    newest().end();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(FakeSpeech.made).to.have.length(2);
  });

  it('gives up when the browser forbids it', async () => {
    const found = await begin();
    let failed = 0;
    found.onFailure = () => (failed += 1);
    newest().fail('no-speech');
    await waitUntil(() => FakeSpeech.made.length === 2 && newest().running, 'it listens again');
    expect(failed).to.equal(0);
    newest().fail('not-allowed');
    expect(failed).to.equal(1);
    expect(newest().running).to.equal(false);
  });
});
