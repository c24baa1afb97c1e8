import { sendMouse } from '@web/test-runner-commands';
import { aTimeout, expect, waitUntil } from '@open-wc/testing';
import { BrowserRecordings } from '../../../src/media/recorder/recordings.ts';
import { hasStoredSegments } from '../../../src/media/recorder/stored-segments.ts';
import type {
  CallRecorder,
  RecordedPerson,
  RecordingServer,
} from '../../../src/media/recording.ts';
import type { RecorderFailure } from '../../../src/protocol/views.ts';
import { drawnTrack, toneTrack } from '../../support/drawn-track.ts';
import { RecordingStandIn, refusal } from '../../support/recording-server.ts';
import { framesOf, soundOf, type Colours } from './decode.ts';

const RECORDING = '7f1c2a34-0000-4000-8000-000000000001';
const TIMER = new URL('../../../src/media/recorder/draw-timer-worker.ts', import.meta.url).href;
const RED = '#ff0000';
const BLUE = '#0000ff';
const GREEN = '#00ff00';
/** The middles of the two halves, where no text is. */
const LEFT = [320, 120] as const;
const RIGHT = [960, 120] as const;

type Name = 'red' | 'blue' | 'green' | 'other';
function nameOf([r, g, b]: Colours[number]): Name {
  if (r > 180 && g < 90 && b < 90) return 'red';
  if (b > 180 && r < 90 && g < 90) return 'blue';
  return g > 180 && r < 120 && b < 120 ? 'green' : 'other';
}

describe('a recording in the agent’s browser', function () {
  this.timeout(60_000);
  let database: string;
  let standIn: RecordingStandIn;
  let failures: RecorderFailure[];
  const tracks: MediaStreamTrack[] = [];
  const opened: BrowserRecordings[] = [];

  const track = (made: MediaStreamTrack) => {
    tracks.push(made);
    return made;
  };
  const server = (): RecordingServer => ({
    address: 'https://desk.example.com',
    agent: 'agent-1',
    headers: () => ({ authorization: 'Bearer token-1' }),
  });
  const open = (agent = 'agent-1'): BrowserRecordings => {
    const recordings = new BrowserRecordings({ ...server(), agent }, { database, timer: TIMER });
    opened.push(recordings);
    return recordings;
  };
  const recorderOf = (recordings: BrowserRecordings): CallRecorder =>
    recordings.openRecorder({
      recording: RECORDING,
      callNumber: '0d4f1c3a-5b7e-4c21-9f3d-6a8e2b104c55',
      now: () => Date.now(),
      onFailure: (failure) => failures.push(failure),
    });
  const person = (
    role: 'agent' | 'visitor',
    colour: string | null,
    frequency: number | null,
    screen: string | null = null,
  ): RecordedPerson => ({
    id: role,
    name: role === 'agent' ? 'Alice Chen' : 'Clara Whitfield',
    role,
    camera: colour === null ? null : track(drawnTrack(() => colour)),
    screen: screen === null ? null : track(drawnTrack(() => screen)),
    sound: frequency === null ? null : track(toneTrack(frequency)),
  });
  const ended = () => [...standIn.segments.values()].filter(({ end }) => end !== null);
  const ids = () => [...standIn.segments.keys()];

  // A page mixes and plays no sound before the person has pressed something.
  before(() => sendMouse({ type: 'click', position: [5, 5] }));
  beforeEach(() => {
    database = `recordings-${Math.random()}`;
    standIn = new RecordingStandIn();
    standIn.start();
    failures = [];
  });
  afterEach(async () => {
    for (const recordings of opened.splice(0)) await recordings.close();
    standIn.stop();
    for (const one of tracks.splice(0)) one.stop();
    indexedDB.deleteDatabase(database);
  });

  it('leaves no database where nothing was ever recorded', async () => {
    expect(await hasStoredSegments(database)).to.equal(false);
    const names = (await indexedDB.databases()).map(({ name }) => name);
    expect(names).not.to.include(database);
  });

  it('has both pictures side by side, the visitor on the left, and both sounds', async () => {
    const recorder = recorderOf(open());
    recorder.setPeople([person('agent', BLUE, 880), person('visitor', RED, 440)]);
    const begin = performance.now();
    recorder.record();
    await aTimeout(5_000);
    await recorder.close();
    const seconds = (performance.now() - begin) / 1000;
    await waitUntil(() => ended().length === 1, 'the segment is sent', { timeout: 20_000 });

    const file = standIn.fileOf(ids()[0]!);
    const frames = await framesOf(file, [LEFT, RIGHT]);
    const names = frames.map((frame) => frame.map(nameOf).join(' '));
    expect(names.filter((name) => name === 'red blue').length, names.join(', ')).to.be.above(
      names.length * 0.7,
    );
    const sound = await soundOf(file);
    expect(sound.strengthOf(440)).to.be.above(0.1);
    expect(sound.strengthOf(880)).to.be.above(0.1);
    expect(sound.strengthOf(1_320)).to.be.below(0.03);
    expect(Math.abs(sound.seconds - seconds)).to.be.below(1);

    const [{ end, chain, offset }] = ended() as [ReturnType<typeof ended>[number]];
    expect(end).to.include({ chain: chain || null, bytes: offset });
    expect(Math.abs(end!.durationMs / 1000 - seconds)).to.be.below(1);
    expect(failures).to.deep.equal([]);
    expect(standIn.headers.every((one) => one.get('authorization') === 'Bearer token-1')).to.equal(
      true,
    );
    // More than one slice, so that a crash would have left something.
    expect(standIn.requests.filter((one) => one === 'PATCH').length).to.be.above(1);
    await waitUntil(async () => !(await hasStoredSegments(database)), 'nothing is left');
  });

  it('shows a shared screen large', async () => {
    const recorder = recorderOf(open());
    recorder.setPeople([person('agent', BLUE, 880, GREEN), person('visitor', RED, 440)]);
    recorder.record();
    await aTimeout(3_000);
    await recorder.close();
    await waitUntil(() => ended().length === 1, 'the segment is sent', { timeout: 20_000 });
    const frames = await framesOf(standIn.fileOf(ids()[0]!), [
      [480, 240],
      [1120, 120],
      [1120, 360],
    ]);
    const names = frames.map((frame) => frame.map(nameOf).join(' '));
    expect(names).to.include('green red blue');
  });

  it('has nothing of a pause, and goes on in another segment', async () => {
    const recorder = recorderOf(open());
    const agent = person('agent', BLUE, 880);
    recorder.setPeople([agent, person('visitor', RED, 440)]);
    recorder.record();
    await aTimeout(2_500);
    recorder.pause();
    recorder.setPeople([agent, person('visitor', GREEN, 1_320)]);
    await aTimeout(1_500);
    recorder.setPeople([agent, person('visitor', RED, 440)]);
    await aTimeout(500);
    recorder.record();
    await aTimeout(2_500);
    await recorder.close();
    await waitUntil(() => ended().length === 2, 'both segments are sent', { timeout: 20_000 });
    for (const id of ids()) {
      const names = (await framesOf(standIn.fileOf(id), [LEFT])).map(([left]) => nameOf(left!));
      expect(names).to.include('red');
      expect(names).not.to.include('green');
      const sound = await soundOf(standIn.fileOf(id));
      expect(sound.strengthOf(440)).to.be.above(0.1);
      expect(sound.strengthOf(1_320)).to.be.below(0.03);
    }
    const [first, second] = ended();
    expect(second!.startedAt - first!.startedAt).to.be.within(4_000, 6_500);
  });

  it('sends again what was lost, and nothing twice', async () => {
    let refusals = 3;
    standIn.intercept = (method) => {
      if (method !== 'PATCH' || refusals-- <= 0) return null;
      if (refusals === 1) return refusal(503, 'server-error');
      throw new TypeError('Failed to fetch');
    };
    standIn.loseAnswer = true;
    const recorder = recorderOf(open());
    recorder.setPeople([person('agent', BLUE, 880)]);
    recorder.record();
    await aTimeout(4_500);
    await recorder.close();
    await waitUntil(() => ended().length === 1, 'the segment is sent', { timeout: 30_000 });
    const [{ end, chain, offset }] = ended() as [ReturnType<typeof ended>[number]];
    expect(end).to.include({ chain: chain || null, bytes: offset });
    expect((await soundOf(standIn.fileOf(ids()[0]!))).seconds).to.be.within(3.5, 6);
    expect(failures).to.deep.equal([]);
  });

  it('is sent by the next page of this agent, and by nobody else', async () => {
    standIn.intercept = (method) => (method === 'PATCH' ? refusal(503, 'server-error') : null);
    const first = open();
    const recorder = recorderOf(first);
    recorder.setPeople([person('agent', BLUE, 880), person('visitor', RED, 440)]);
    recorder.record();
    await aTimeout(4_500);
    // The page is lost: nothing says that this was all.
    await first.close();
    expect(await hasStoredSegments(database)).to.equal(true);
    expect(ended()).to.deep.equal([]);

    standIn.intercept = () => null;
    standIn.requests.length = 0;
    open('agent-2').sendStored();
    await aTimeout(500);
    expect(standIn.requests).to.deep.equal([]);
    open().sendStored();
    await waitUntil(() => ended().length === 1, 'the segment is sent', { timeout: 20_000 });
    const file = standIn.fileOf(ids()[0]!);
    expect((await soundOf(file)).strengthOf(880)).to.be.above(0.1);
    expect(
      (await framesOf(file, [LEFT, RIGHT])).map((frame) => frame.map(nameOf).join(' ')),
    ).to.include('red blue');
    await waitUntil(async () => !(await hasStoredSegments(database)), 'nothing is left');
  });

  it('tells that the server has no space, and stops', async () => {
    standIn.intercept = (method) => (method === 'PATCH' ? refusal(507, 'storage-full') : null);
    const recorder = recorderOf(open());
    recorder.setPeople([person('agent', BLUE, 880)]);
    recorder.record();
    await waitUntil(() => failures.length > 0, 'the failure is told', { timeout: 10_000 });
    expect(failures).to.deep.equal(['storage-full']);
    const { length } = standIn.requests;
    recorder.record();
    await aTimeout(2_500);
    expect(standIn.requests.length).to.equal(length);
  });

  it('tells that the server refuses the recording', async () => {
    standIn.intercept = () => refusal(404, 'not-found');
    const recorder = recorderOf(open());
    recorder.setPeople([person('agent', BLUE, 880)]);
    recorder.record();
    await waitUntil(() => failures.length > 0, 'the failure is told', { timeout: 10_000 });
    expect(failures).to.deep.equal(['upload']);
  });

  it('begins another segment where the browser gives nothing for some time', async () => {
    const { MediaRecorder: Native } = window;
    let made = 0;
    window.MediaRecorder = class extends Native {
      readonly #number = (made += 1);
      override start(slice?: number): void {
        // Without slices the first one gives nothing before its end.
        super.start(this.#number === 1 ? undefined : slice);
      }
    };
    try {
      const recorder = recorderOf(open());
      recorder.setPeople([person('agent', BLUE, 880)]);
      recorder.record();
      const slices = () => ids().map((id) => standIn.segments.get(id)!.parts.length);
      await waitUntil(() => slices()[1]! > 1, 'the second segment arrives', { timeout: 30_000 });
      expect(slices()[0]).to.equal(1);
      expect(failures).to.deep.equal([]);
    } finally {
      window.MediaRecorder = Native;
    }
  });

  it('tells that the browser stores nothing more', async () => {
    const { put } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.put = function (value: { bytes?: unknown }, ...rest) {
      if (this.name === 'slices') throw new DOMException('full', 'QuotaExceededError');
      return put.call(this, value, ...rest);
    };
    try {
      const recorder = recorderOf(open());
      recorder.setPeople([person('agent', BLUE, 880)]);
      recorder.record();
      await waitUntil(() => failures.length > 0, 'the failure is told', { timeout: 10_000 });
      expect(failures).to.deep.equal(['no-space']);
    } finally {
      IDBObjectStore.prototype.put = put;
    }
  });
});
