import type { DeviceAction, DeviceAnswer } from '../../../call/picture-tools-control.ts';
import type { RoomControl } from '../../../call/room-control.ts';

/** What the camera in use can do. */
interface CameraFunctions {
  takePhoto(): Promise<Blob>;
  setTorch(on: boolean): Promise<void>;
  setZoom(factor: number): Promise<void>;
  capabilities():
    | {
        readonly torch: boolean;
        readonly zoom?: { readonly min: number; readonly max: number; readonly step: number };
      }
    | undefined;
}
type Room = RoomControl & Partial<CameraFunctions>;

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

async function run(room: Room, action: DeviceAction): Promise<DeviceAnswer> {
  const { camera, otherSide } = room.getSnapshot().local;
  if (camera.state !== 'on') return 'unsupported';
  switch (action.kind) {
    case 'photo':
      if (!room.takePhoto) return 'unsupported';
      room.openChat();
      room.sendImage(await room.takePhoto());
      return 'done';
    case 'flip':
      if (!otherSide) return 'unsupported';
      await room.useCamera(otherSide);
      return room.getSnapshot().local.camera.state === 'failed' ? 'failed' : 'done';
    case 'torch':
      if (!room.setTorch || !room.capabilities?.()?.torch) return 'unsupported';
      await room.setTorch(action.on);
      return 'done';
    case 'zoom': {
      const zoom = room.capabilities?.()?.zoom;
      if (!zoom || !room.setZoom) return 'unsupported';
      await room.setZoom(Math.min(zoom.max, Math.max(zoom.min, action.factor)));
      return 'done';
    }
  }
}
