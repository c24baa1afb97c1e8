import { expect, waitUntil } from '@open-wc/testing';
import { Devices } from '../../../src/media/devices/devices.ts';
import { RtcDeskError } from '../../../src/protocol/errors.ts';
import { ScriptedMediaDevices } from '../../support/scripted-media-devices.ts';
import { forgetStorage } from '../../support/forget-storage.ts';

const refused = (name: string, message = '') => new DOMException(message, name);

describe('Devices', () => {
  let scripted: ScriptedMediaDevices;
  let devices: Devices;

  beforeEach(() => {
    for (const kind of ['camera', 'microphone']) forgetStorage(`rtc-desk:${kind}`);
    scripted = new ScriptedMediaDevices();
    devices = new Devices(scripted.asMediaDevices);
  });
  afterEach(() => {
    devices.stop();
    expect(scripted.live, 'tracks that live on after stop').to.deep.equal([]);
    for (const kind of ['camera', 'microphone']) forgetStorage(`rtc-desk:${kind}`);
  });

  it('asks once for camera and microphone, and lists the devices', async () => {
    await devices.start();
    const { camera, microphone, cameras, microphones, speakers } = devices.getSnapshot();
    expect([camera.state, microphone.state]).to.deep.equal(['on', 'on']);
    expect(camera.deviceId).to.equal('front');
    expect(scripted.asked).to.have.length(1);
    expect(cameras.map(({ label }) => label)).to.deep.equal(['Front camera', 'Back camera']);
    expect([microphones.length, speakers.length]).to.deep.equal([2, 1]);
  });

  it('opens the camera as it is adapted', async () => {
    devices.adapt({ capture: { height: { ideal: 360 } } });
    await devices.start();
    const [{ video }] = scripted.asked as [MediaStreamConstraints];
    expect(video).to.deep.equal({ height: { ideal: 360 }, facingMode: { ideal: 'user' } });
    devices.adapt({ capture: undefined });
    await devices.useCamera('back');
    const { video: usual } = scripted.asked.at(-1) as MediaStreamConstraints;
    expect(usual).to.deep.include({ height: { ideal: 720 }, frameRate: { ideal: 30 } });
  });

  it('asks for each alone if one is missing, and goes on with the other', async () => {
    scripted.camera = refused('NotFoundError');
    await devices.start();
    const { camera, microphone } = devices.getSnapshot();
    expect([camera.state, camera.error]).to.deep.equal(['failed', 'no-camera']);
    expect(microphone.state).to.equal('on');
  });

  for (const [name, camera, microphone] of [
    ['NotAllowedError', 'permission-denied', 'permission-denied'],
    ['NotFoundError', 'no-camera', 'no-microphone'],
    ['NotReadableError', 'device-busy', 'device-busy'],
    ['TypeError', 'media-failed', 'media-failed'],
  ] as const) {
    it(`calls ${name} ${camera} of the camera and ${microphone} of the microphone`, async () => {
      scripted.camera = scripted.microphone = refused(name);
      await devices.start();
      const snapshot = devices.getSnapshot();
      expect([snapshot.camera.error, snapshot.microphone.error]).to.deep.equal([
        camera,
        microphone,
      ]);
    });
  }

  it('does not ask again if the person closed the question without an answer', async () => {
    scripted.camera = scripted.microphone = refused('NotAllowedError', 'Permission dismissed');
    await devices.start();
    expect(scripted.asked).to.have.length(1);
    expect(devices.getSnapshot().camera.error).to.equal('permission-denied');
  });

  it('shows unsupported-browser if the browser has no media devices', async () => {
    const none = new Devices(null);
    await none.start();
    expect(none.getSnapshot().camera.error).to.equal('unsupported-browser');
    none.stop();
  });

  it('stops the camera when it is switched off, and opens it again when it is switched on', async () => {
    await devices.start();
    const first = devices.getSnapshot().camera.track!;
    await devices.setCameraOn(false);
    expect(first.readyState).to.equal('ended');
    expect(devices.getSnapshot().camera).to.include({ state: 'off', track: null });
    await devices.setCameraOn(true);
    expect(devices.getSnapshot().camera.state).to.equal('on');
    expect(devices.getSnapshot().camera.track).to.not.equal(first);
  });

  it('keeps a muted microphone open and silent', async () => {
    await devices.start();
    const { track } = devices.getSnapshot().microphone;
    await devices.setMicrophoneOn(false);
    expect(devices.getSnapshot().microphone).to.include({ state: 'off', track });
    expect([track!.readyState, track!.enabled]).to.deep.equal(['live', false]);
    await devices.setMicrophoneOn(true);
    expect([devices.getSnapshot().microphone.state, track!.enabled]).to.deep.equal(['on', true]);
  });

  it('changes the camera without the microphone, and the microphone without the camera', async () => {
    await devices.start();
    const { camera, microphone } = devices.getSnapshot();
    await devices.useCamera('back');
    expect(devices.getSnapshot().camera.deviceId).to.equal('back');
    expect(camera.track!.readyState).to.equal('ended');
    expect(devices.getSnapshot().microphone).to.equal(microphone);
    const back = devices.getSnapshot().camera;
    await devices.useMicrophone('desk');
    expect(devices.getSnapshot().microphone.deviceId).to.equal('desk');
    expect(devices.getSnapshot().camera).to.equal(back);
  });

  it('begins with the back camera where the site says so, and changes sides without the microphone', async () => {
    devices = new Devices(scripted.asMediaDevices, 'environment');
    await devices.start();
    expect(scripted.asked[0]!.video).to.deep.include({ facingMode: { ideal: 'environment' } });
    const { camera, microphone } = devices.getSnapshot();
    const states: (string | undefined)[] = [];
    const { getUserMedia } = scripted;
    scripted.getUserMedia = (constraints) => {
      states.push(camera.track?.readyState);
      return getUserMedia.call(scripted, constraints);
    };
    await devices.useCamera('user');
    expect(scripted.asked).to.have.length(2);
    expect(scripted.asked[1]!.audio).to.equal(undefined);
    expect(scripted.asked[1]!.video).to.deep.include({ facingMode: { exact: 'user' } });
    // Phones open one camera at a time.
    expect(states).to.deep.equal(['ended']);
    expect(devices.getSnapshot().microphone).to.equal(microphone);
    // The side stays when the camera was off in between, and is no choice for later calls.
    await devices.setCameraOn(false);
    await devices.setCameraOn(true);
    expect(scripted.asked[2]!.video).to.deep.include({ facingMode: { ideal: 'user' } });
    expect(localStorage.getItem('rtc-desk:camera')).to.equal(null);
  });

  it('tells the other side of a phone with two cameras, and none of a computer', async () => {
    await devices.start();
    expect(devices.getSnapshot().otherSide ?? null).to.equal(null);
    const { track } = devices.getSnapshot().camera;
    track!.getSettings = () => ({ facingMode: 'environment' });
    scripted.dispatchEvent(new Event('devicechange'));
    await waitUntil(() => devices.getSnapshot().otherSide === 'user', 'the side is told');
    await devices.setCameraOn(false);
    expect(devices.getSnapshot().otherSide).to.equal('user');
  });

  it('stays muted when another microphone is chosen', async () => {
    await devices.start();
    await devices.setMicrophoneOn(false);
    await devices.useMicrophone('desk');
    const { state, track } = devices.getSnapshot().microphone;
    expect([state, track!.enabled]).to.deep.equal(['off', false]);
  });

  it('opens another camera if the chosen one does not work', async () => {
    await devices.start();
    await devices.useCamera('gone');
    expect(devices.getSnapshot().camera).to.include({ state: 'on', deviceId: 'front' });
  });

  it('stores the chosen camera for the next call', async () => {
    await devices.start();
    await devices.useCamera('back');
    devices.stop();
    await new Devices(scripted.asMediaDevices).start();
    expect(scripted.asked.at(-1)!.video).to.deep.include({ deviceId: { ideal: 'back' } });
    for (const track of scripted.live) track.stop();
  });

  it('opens another camera when the present one is unplugged', async () => {
    await devices.start();
    scripted.list = scripted.list.filter(({ deviceId }) => deviceId !== 'front');
    scripted.pullOut(devices.getSnapshot().camera.track!);
    await waitUntil(() => devices.getSnapshot().camera.state === 'on');
    expect(devices.getSnapshot().camera.deviceId).to.equal('back');
  });

  it('shows that the last camera is gone, and opens it when it is plugged in again', async () => {
    await devices.start();
    const [list, { microphone }] = [scripted.list, devices.getSnapshot()];
    scripted.camera = refused('NotFoundError');
    scripted.list = list.filter(({ kind }) => kind !== 'videoinput');
    scripted.pullOut(devices.getSnapshot().camera.track!);
    await waitUntil(() => devices.getSnapshot().camera.state === 'failed');
    expect(devices.getSnapshot().camera.error).to.equal('no-camera');
    scripted.camera = undefined;
    scripted.list = list;
    scripted.dispatchEvent(new Event('devicechange'));
    await waitUntil(() => devices.getSnapshot().camera.state === 'on');
    expect(devices.getSnapshot().microphone).to.equal(microphone);
  });

  it('does not ask again for a refused camera when a device is plugged in', async () => {
    scripted.camera = refused('NotAllowedError');
    await devices.start();
    const { length } = scripted.asked;
    scripted.dispatchEvent(new Event('devicechange'));
    await devices.setMicrophoneOn(true);
    expect(scripted.asked).to.have.length(length);
  });

  it('shows the camera as off during a phone call, and as on afterwards', async () => {
    await devices.start();
    const track = devices.getSnapshot().camera.track!;
    Object.defineProperty(track, 'muted', { value: true, configurable: true });
    track.dispatchEvent(new Event('mute'));
    expect(devices.getSnapshot().camera.state).to.equal('off');
    Object.defineProperty(track, 'muted', { value: false });
    track.dispatchEvent(new Event('unmute'));
    expect(devices.getSnapshot().camera).to.include({ state: 'on', track });
  });

  it('closes a device at once that opens after `stop`', async () => {
    let answer = (): void => undefined;
    scripted.pending = new Promise((resolve) => (answer = resolve));
    const started = devices.start();
    devices.stop();
    answer();
    await started;
    expect(scripted.tracks).to.have.length(2);
    expect(scripted.live).to.deep.equal([]);
    expect(devices.getSnapshot().camera.state).to.equal('idle');
  });

  it('closes a camera at once that opens after it was switched off', async () => {
    let answer = (): void => undefined;
    scripted.pending = new Promise((resolve) => (answer = resolve));
    const started = devices.start();
    await devices.setCameraOn(false);
    answer();
    await started;
    expect(scripted.live.map(({ kind }) => kind)).to.deep.equal(['audio']);
    expect(devices.getSnapshot().camera.state).to.equal('off');
  });

  it('shows the screen until the person ends it in the browser’s bar', async () => {
    await devices.startScreen();
    const track = devices.getSnapshot().screen.track!;
    expect(devices.getSnapshot().screen.state).to.equal('on');
    scripted.pullOut(track);
    expect(devices.getSnapshot().screen).to.include({ state: 'idle', track: null });
  });

  it('treats a refusal as a failure, and a closed picker not', async () => {
    scripted.screen = refused('NotAllowedError', 'Permission denied');
    await devices.startScreen();
    expect(devices.getSnapshot().screen.state).to.equal('idle');
    scripted.screen = refused('NotAllowedError', 'Permission denied by system');
    const error: unknown = await devices.startScreen().catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(RtcDeskError);
    expect((error as RtcDeskError).code).to.equal('permission-denied');
  });

  it('can be started again after stop', async () => {
    await devices.start();
    devices.stop();
    expect(devices.getSnapshot().camera.state).to.equal('idle');
    await devices.start();
    expect(devices.getSnapshot().camera.state).to.equal('on');
  });
});

describe('Devices with the browser’s own', () => {
  it('measures the level of the microphone, and 0 while it is muted', async () => {
    const devices = new Devices();
    try {
      await devices.start();
      await waitUntil(() => devices.getSnapshot().level > 0, 'a level', { timeout: 10_000 });
      await devices.setMicrophoneOn(false);
      expect(devices.getSnapshot().level).to.equal(0);
    } finally {
      devices.stop();
    }
  });
});
