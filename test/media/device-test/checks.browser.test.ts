import { expect } from '@open-wc/testing';
import { checkBrowser } from '../../../src/media/device-test/check-browser.ts';
import { checkCamera } from '../../../src/media/device-test/check-camera.ts';
import { checkMicrophone } from '../../../src/media/device-test/check-microphone.ts';
import { checkTurn, serversBy } from '../../../src/media/device-test/check-turn.ts';
import { judgeNetwork, measureNetwork } from '../../../src/media/device-test/measure-network.ts';
import { drawnTrack, silentTrack } from '../../support/drawn-track.ts';

describe('the check of the browser', () => {
  const good = { isSecureContext: true, mediaDevices: {}, peerConnection: {} };
  it('names what is missing', () => {
    expect(checkBrowser(good).status).to.equal('passed');
    expect(checkBrowser({ ...good, isSecureContext: false }).code).to.equal('insecure-context');
    expect(checkBrowser({ ...good, mediaDevices: undefined }).code).to.equal('unsupported-browser');
    expect(checkBrowser({ ...good, peerConnection: undefined }).code).to.equal(
      'unsupported-browser',
    );
  });
});

describe('the check of a camera', () => {
  const tracks: MediaStreamTrack[] = [];
  afterEach(() => {
    for (const track of tracks.splice(0)) track.stop();
  });

  function play(track: MediaStreamTrack): HTMLVideoElement {
    tracks.push(track);
    const video = document.createElement('video');
    video.muted = true;
    video.srcObject = new MediaStream([track]);
    void video.play().catch(() => undefined);
    return video;
  }

  it('tells the real size, and that it is small', async () => {
    const result = await checkCamera(play(drawnTrack()));
    expect(result).to.deep.equal({
      status: 'warning',
      code: 'camera-small',
      data: { width: 64, height: 48 },
    });
  });

  it('fails if there is a picture, and it is black', async () => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [640, 480];
    const pen = canvas.getContext('2d')!;
    const timer = setInterval(() => pen.fillRect(0, 0, 640, 480), 50);
    const result = await checkCamera(play(canvas.captureStream(20).getVideoTracks()[0]!));
    clearInterval(timer);
    expect(result.code).to.equal('camera-black');
  });
});

describe('the check of a microphone', () => {
  it('passes as soon as something is heard', async function () {
    this.timeout(30_000);
    // The browser's fake microphone beeps once a second.
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    const [track] = stream.getAudioTracks();
    const levels: number[] = [];
    const result = await checkMicrophone(track!, (level) => {
      levels.push(level);
    });
    track!.stop();
    expect(result.status).to.equal('passed');
    expect(Math.max(...levels)).to.be.above(0);
  });

  it('warns if nothing is heard', async function () {
    this.timeout(30_000);
    const track = silentTrack();
    const result = await checkMicrophone(track, () => undefined);
    track.stop();
    expect(result.code).to.equal('microphone-silent');
  });
});

describe('the check of a relay', () => {
  const servers = [
    { urls: ['stun:a'] },
    {
      urls: ['turn:a', 'turn:b?transport=udp', 'turn:c?transport=tcp', 'turns:d?transport=tcp'],
      username: 'u',
      credential: 'c',
    },
  ];

  it('uses the servers of one transport at a time', () => {
    const urls = (by: 'udp' | 'tcp' | 'tls') => serversBy(by, servers).flatMap((one) => one.urls);
    expect(urls('udp')).to.deep.equal(['turn:a', 'turn:b?transport=udp']);
    expect(urls('tcp')).to.deep.equal(['turn:c?transport=tcp']);
    expect(urls('tls')).to.deep.equal(['turns:d?transport=tcp']);
    expect(serversBy('udp', servers)[0]?.username).to.equal('u');
  });

  it('is skipped without a server', async () => {
    expect((await checkTurn('tls', [{ urls: ['stun:a'] }])).status).to.equal('skipped');
    expect((await measureNetwork([], null)).status).to.equal('skipped');
  });

  it('fails if nobody answers', async function () {
    this.timeout(30_000);
    const silent = [{ urls: ['turn:127.0.0.1:9?transport=tcp'], username: 'u', credential: 'c' }];
    const result = await checkTurn('tcp', silent);
    expect(result.code).to.equal('tcp-blocked');
  });
});

describe('the judgement of a line', () => {
  const good = { kilobits: 2_000, loss: 0, jitterMs: 3, roundTripMs: 40 };
  for (const [what, figures, status, code] of [
    ['a good one', {}, 'passed', null],
    ['the limits of a good one', { kilobits: 1_100, loss: 0.05, roundTripMs: 300 }, 'passed', null],
    ['some loss', { loss: 0.06 }, 'warning', 'network-loss'],
    ['a long delay', { roundTripMs: 450 }, 'warning', 'network-delay'],
    ['a slow one', { kilobits: 600 }, 'warning', 'network-slow'],
    ['too much loss', { loss: 0.2, kilobits: 600 }, 'failed', 'network-loss'],
    ['too long a delay', { roundTripMs: 700 }, 'failed', 'network-delay'],
    ['too slow for a picture', { kilobits: 100 }, 'failed', 'network-slow'],
    ['an unknown capacity', { kilobits: null }, 'passed', null],
    ['nothing that arrived', { loss: null, roundTripMs: null }, 'failed', 'relay-not-connected'],
  ] as const) {
    it(`is ${status} for ${what}`, () => {
      const result = judgeNetwork({ ...good, ...figures });
      expect([result.status, result.code]).to.deep.equal([status, code]);
    });
  }
});
