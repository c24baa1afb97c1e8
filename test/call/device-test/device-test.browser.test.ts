import { expect, waitUntil } from '@open-wc/testing';
import { DeviceTest } from '../../../src/call/device-test/device-test.ts';
import type { DeviceTestMedia } from '../../../src/media/device-test-media.ts';
import type { Platform } from '../../../src/platform/platform.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { DEVICE_CHECKS, type DeviceCheckResult } from '../../../src/protocol/device-report.ts';
import type { DeviceTestSetup } from '../../../src/protocol/rest/device-test.ts';
import { drawnTrack, silentTrack } from '../../support/drawn-track.ts';
import { fakePlatform } from '../../support/fake-platform.ts';
import { FakeSignalingSocket } from './fake-signaling-socket.ts';

const passed: DeviceCheckResult = { status: 'passed', code: null, data: {} };
const servers = [{ urls: ['turn:relay.example.com'] }];

describe('a device test', () => {
  let test: DeviceTest;
  let opened: MediaStreamTrack[];
  let socket: FakeSignalingSocket;
  let asked: string[];

  afterEach(() => test.stop());

  function make(
    media: Partial<DeviceTestMedia> = {},
    status = 200,
    setup: Partial<DeviceTestSetup> = {},
  ): DeviceTest {
    opened = [];
    asked = [];
    socket = new FakeSignalingSocket();
    const open = (track: MediaStreamTrack) => {
      opened.push(track);
      return { track, error: null };
    };
    const platform: Platform = {
      ...fakePlatform(systemClock, () => socket.open()),
      request: async ({ address }) => {
        asked.push(address);
        return {
          status,
          json: async () => ({ iceServers: servers, media: 'mesh', trtcRoom: null, ...setup }),
          picture: () => Promise.reject(new Error('no picture')),
        };
      },
    };
    test = new DeviceTest({ server: 'https://desk.example.com', site: 'shop' }, platform, {
      agent: 'Browser 1',
      checkBrowser: () => passed,
      open: async (kind) => open(kind === 'camera' ? drawnTrack() : silentTrack()),
      stream: (track) => new MediaStream([track]),
      checkCamera: async () => passed,
      checkMicrophone: async () => passed,
      playTone: async () => true,
      checkTurn: async () => passed,
      measureNetwork: async () => passed,
      checkTrtcBrowser: () => Promise.reject(new Error('no call runs on TRTC')),
      measureTrtc: () => Promise.reject(new Error('no call runs on TRTC')),
      ...media,
    });
    return test;
  }
  const snapshot = () => test.getSnapshot();
  const result = (id: string) => snapshot().checks.find((check) => check.id === id);

  async function run(heard = true): Promise<void> {
    const ended = test.start();
    await waitUntil(() => ['asking', 'ended'].includes(snapshot().state), 'the tone or the end');
    test.answer(heard);
    await ended;
  }

  it('runs every check in order, and gives the report', async () => {
    make();
    await run();
    const { report, camera } = snapshot();
    expect(report?.checks.map(({ id }) => id)).to.deep.equal([...DEVICE_CHECKS]);
    expect(report?.checks.every(({ status }) => status === 'passed')).to.equal(true);
    expect([report?.version, report?.agent]).to.deep.equal([1, 'Browser 1']);
    expect(result('signaling')?.data['roundTripMs']).to.be.a('number');
    expect(camera).to.equal(null);
    expect(asked).to.deep.equal(['https://desk.example.com/api/v1/sites/shop/device-test']);
  });

  it('leaves no device open, at the end and when it is stopped', async () => {
    make();
    await run();
    expect(opened.map(({ readyState }) => readyState)).to.deep.equal(['ended', 'ended']);
    void test.start();
    await waitUntil(() => snapshot().state === 'asking');
    test.stop();
    expect(opened.every(({ readyState }) => readyState === 'ended')).to.equal(true);
    expect(snapshot().state).to.equal('idle');
  });

  it('goes on after a device that cannot be opened', async () => {
    make({ open: async () => ({ track: null, error: 'permission-denied' }) });
    await run();
    expect(result('camera')?.code).to.equal('permission-denied');
    expect(result('microphone')?.code).to.equal('permission-denied');
    expect(result('network')?.status).to.equal('passed');
  });

  it('goes on after an exception of the browser', async () => {
    make({ checkCamera: () => Promise.reject(new Error('broken')) });
    await run();
    expect(result('camera')?.code).to.equal('check-failed');
    expect(snapshot().state).to.equal('ended');
  });

  it('tests nothing else in a browser that cannot make calls', async () => {
    make({ checkBrowser: () => ({ status: 'failed', code: 'insecure-context', data: {} }) });
    await run();
    expect(
      snapshot()
        .checks.slice(1)
        .every(({ status }) => status === 'skipped'),
    ).to.equal(true);
    expect(opened).to.deep.equal([]);
  });

  it('believes the person about the tone', async () => {
    make();
    await run(false);
    expect(result('speaker')?.code).to.equal('tone-not-heard');
  });

  it('asks TRTC’s SDK about the browser where calls run on TRTC', async () => {
    make({ checkTrtcBrowser: async () => ({ ...passed, data: { own: true } }) }, 200, {
      media: 'trtc',
    });
    await run();
    expect(result('browser')?.data).to.deep.equal({ own: true });
    expect(result('network')?.status).to.equal('passed');
    make({ checkBrowser: () => ({ status: 'failed', code: 'insecure-context', data: {} }) }, 200, {
      media: 'trtc',
    });
    await run();
    expect(result('browser')?.code).to.equal('insecure-context');
  });

  it('measures the line in TRTC’s room where the server gives one, with the camera', async () => {
    const person = { userId: 'p', userSig: 's', privateMapKey: 'k' };
    const trtcRoom = { sdkAppId: 1, room: 'test-1', sender: person, receiver: person };
    const measured: unknown[] = [];
    make(
      {
        checkTrtcBrowser: async () => passed,
        measureNetwork: () => Promise.reject(new Error('not by relays')),
        measureTrtc: async (room, track) => {
          measured.push(room, track?.readyState);
          return passed;
        },
      },
      200,
      { media: 'trtc', trtcRoom },
    );
    await run();
    expect(result('network')?.status).to.equal('passed');
    expect(measured).to.deep.equal([trtcRoom, 'live']);
    expect(asked.length).to.equal(1);
  });

  it('skips the relays if the server gives no credentials', async () => {
    make({}, 429);
    await run();
    expect(result('turn-udp')?.code).to.equal('no-credentials');
    expect(result('network')?.code).to.equal('no-credentials');
    expect(asked.length).to.equal(1);
  });

  it('tells a server that refuses the page from one that cannot be reached', async () => {
    make();
    socket.refusal = 4403;
    await run();
    expect(result('signaling')?.code).to.equal('signaling-refused');
    socket.refusal = 1006;
    await run();
    expect(result('signaling')?.code).to.equal('signaling-blocked');
  });
});
