import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { InterruptionRepair } from '../../../../src/elements/call-room/phone/interruption.ts';

class FakeTrack extends EventTarget {
  enabled = true;
  constructor(readonly id: string) {
    super();
  }
  getSettings = () => ({ deviceId: this.id });
  tell(type: 'mute' | 'unmute'): void {
    this.dispatchEvent(new Event(type));
  }
}

function fake() {
  const camera = new FakeTrack('camera-1');
  const microphone = new FakeTrack('microphone-1');
  const local: { camera: { track: FakeTrack | null }; microphone: { track: FakeTrack | null } } = {
    camera: { track: camera },
    microphone: { track: microphone },
  };
  const asked: string[] = [];
  const listeners = new Set<() => void>();
  const note = (what: string) => async () => void asked.push(what);
  const repair = new InterruptionRepair({
    getSnapshot: () => ({ local }),
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    startAudio: note('startAudio'),
    useMicrophone: async (id: string) => void asked.push(`useMicrophone ${id}`),
    setCameraOn: async (on: boolean) => void asked.push(`setCameraOn ${on}`),
  } as never);
  const change = () => {
    for (const listener of listeners) listener();
  };
  return { camera, microphone, local, asked, repair, change, listeners };
}
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('after a phone call', () => {
  it('the microphone is opened anew, and the sound of the others goes on', async () => {
    const { microphone, asked } = fake();
    microphone.tell('mute');
    assert.deepEqual(asked, []);
    microphone.tell('unmute');
    await settle();
    assert.deepEqual(asked, ['startAudio', 'useMicrophone microphone-1']);
  });

  it('the camera is opened anew, the old track stopped first', async () => {
    const { camera, asked } = fake();
    camera.tell('mute');
    camera.tell('unmute');
    await settle();
    assert.deepEqual(asked, ['startAudio', 'setCameraOn false', 'setCameraOn true']);
  });

  it('a device that was switched off meanwhile stays off', async () => {
    const { camera, microphone, local, asked } = fake();
    microphone.tell('mute');
    camera.tell('mute');
    microphone.enabled = false;
    local.camera.track = null;
    microphone.tell('unmute');
    camera.tell('unmute');
    await settle();
    assert.deepEqual(asked, ['startAudio', 'startAudio']);
  });

  it('nothing is opened for a track that was never interrupted, or is no longer in use', async () => {
    const { camera, microphone, local, asked, change, repair, listeners } = fake();
    microphone.tell('unmute');
    camera.tell('mute');
    local.camera.track = new FakeTrack('camera-2');
    change();
    camera.tell('unmute');
    repair.stop();
    local.camera.track.tell('mute');
    local.camera.track.tell('unmute');
    await settle();
    assert.deepEqual(asked, []);
    assert.equal(listeners.size, 0);
  });
});
