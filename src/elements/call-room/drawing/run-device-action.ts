import type { DeviceAction, DeviceAnswer } from '../../../call/picture-tools-control.ts';
import type { RoomControl } from '../../../call/room-control.ts';
import { canTorch, zoomRange } from '../phone/camera-capabilities.ts';
import { setTorch, setZoom, takeStill } from '../phone/camera-tools.ts';

/** Does on this device what an agent asked and the person allowed. Never rejects. */
export async function runDeviceAction(
  room: RoomControl,
  action: DeviceAction,
): Promise<DeviceAnswer> {
  try {
    return await run(room, action);
  } catch (error) {
    console.warn('rtc-desk', error);
    return 'failed';
  }
}

async function run(room: RoomControl, action: DeviceAction): Promise<DeviceAnswer> {
  const { camera, otherSide } = room.getSnapshot().local;
  if (camera.state !== 'on') return 'unsupported';
  if (action.kind === 'flip') {
    if (!otherSide) return 'unsupported';
    await room.useCamera(otherSide);
    return room.getSnapshot().local.camera.state === 'failed' ? 'failed' : 'done';
  }
  if (action.kind === 'detail') {
    if (!room.openAdaptation) return 'unsupported';
    await (await room.openAdaptation()).setDetail(action.on);
    return 'done';
  }
  return camera.track ? useCamera(room, camera.track, action) : 'unsupported';
}

async function useCamera(
  room: RoomControl,
  track: MediaStreamTrack,
  action: Exclude<DeviceAction, { kind: 'flip' | 'detail' }>,
): Promise<DeviceAnswer> {
  switch (action.kind) {
    case 'photo': {
      const photo = await takeStill(track);
      // Most visitors have not opened the conversation: its code is loaded first.
      await room.openChat();
      room.sendImage(photo);
      return 'done';
    }
    case 'torch':
      if (!canTorch(track)) return 'unsupported';
      await setTorch(track, action.on);
      return 'done';
    case 'zoom': {
      const range = zoomRange(track);
      if (!range) return 'unsupported';
      await setZoom(track, Math.min(range.max, Math.max(range.min, action.factor)));
      return 'done';
    }
  }
}
