import { expect } from '@open-wc/testing';
import type { DeviceAction } from '../../../../src/call/picture-tools-control.ts';
import { runDeviceAction } from '../../../../src/elements/call-room/drawing/run-device-action.ts';
import { drawnTrack } from '../../../support/drawn-track.ts';
import { FakeRoomControl, localMedia } from '../../../support/fake-room-control.ts';

/** A camera of a phone, which writes down what it is told. */
function phoneCamera(capabilities: object, refuses = false) {
  const applied: unknown[] = [];
  const track = {
    getCapabilities: () => capabilities,
    getSettings: () => ({}),
    applyConstraints: async (constraints: unknown) => {
      if (refuses) throw new Error('refused');
      applied.push(constraints);
    },
  };
  return { applied, track: track as unknown as MediaStreamTrack };
}

describe('what a device does for an agent', () => {
  const roomWith = (track: MediaStreamTrack | null, state: 'on' | 'off' = 'on') =>
    new FakeRoomControl({
      local: { ...localMedia, camera: { state, error: null, deviceId: '', track } },
    });
  const light: DeviceAction = { kind: 'torch', on: true };

  it('is a light, and a zoom cut to what the camera can do', async () => {
    const { track, applied } = phoneCamera({ torch: true, zoom: { min: 1, max: 3, step: 0.1 } });
    const room = roomWith(track);
    expect(await runDeviceAction(room, light)).to.equal('done');
    expect(await runDeviceAction(room, { kind: 'zoom', factor: 4 })).to.equal('done');
    expect(applied).to.deep.equal([{ advanced: [{ torch: true }] }, { advanced: [{ zoom: 3 }] }]);
  });

  it('is more detail, and the usual picture again', async () => {
    const { track } = phoneCamera({});
    const room = roomWith(track);
    expect(await runDeviceAction(room, { kind: 'detail', on: true })).to.equal('done');
    expect(await runDeviceAction(room, { kind: 'detail', on: false })).to.equal('done');
    expect(room.asked).to.include.members(['setDetail(true)', 'setDetail(false)']);
    const off = roomWith(track, 'off');
    expect(await runDeviceAction(off, { kind: 'detail', on: true })).to.equal('unsupported');
    expect(off.asked).not.to.include('setDetail(true)');
  });

  it('is nothing where the camera cannot do it, or is off', async () => {
    const { track, applied } = phoneCamera({});
    for (const action of [light, { kind: 'zoom', factor: 2 }, { kind: 'flip' }] as const) {
      expect(await runDeviceAction(roomWith(track), action)).to.equal('unsupported');
    }
    const able = phoneCamera({ torch: true });
    expect(await runDeviceAction(roomWith(able.track, 'off'), light)).to.equal('unsupported');
    expect([...applied, ...able.applied]).to.deep.equal([]);
  });

  it('has failed where the camera refuses', async () => {
    const { track } = phoneCamera({ torch: true }, true);
    expect(await runDeviceAction(roomWith(track), light)).to.equal('failed');
  });

  it('is a photo, which goes into the chat once the chat is there', async () => {
    const track = drawnTrack();
    const room = roomWith(track);
    expect(await runDeviceAction(room, { kind: 'photo' })).to.equal('done');
    track.stop();
    expect(room.asked.filter((one) => /^(openChat|sendImage)/.test(one))[0]).to.equal('openChat()');
    expect(room.images.map(({ type }) => type.split('/')[0])).to.deep.equal(['image']);
  });
});
