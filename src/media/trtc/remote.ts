import type { Clock } from '../../platform/clock.ts';
import type { PictureSize, Quality, RemoteMedia } from '../media.ts';
import type { TrtcClient, TrtcSdk } from './sdk.ts';
import { TrtcVideo } from './video.ts';

export interface TrtcRemoteOptions {
  readonly id: string;
  readonly client: TrtcClient;
  readonly types: TrtcSdk['TYPE'];
  readonly clock: Clock;
  readonly onChange: () => void;
}

/** One other person in the room. The camera is TRTC's main stream, a shared screen its sub stream. */
export class TrtcRemote {
  readonly id: string;
  readonly camera: TrtcVideo;
  readonly screen: TrtcVideo;
  microphoneOn = false;
  /** 0 to 1. */
  level = 0;
  readonly #client: TrtcClient;

  constructor({ id, types, ...rest }: TrtcRemoteOptions) {
    this.id = id;
    this.#client = rest.client;
    this.camera = new TrtcVideo({ ...rest, userId: id, streamType: types.STREAM_TYPE_MAIN });
    this.screen = new TrtcVideo({ ...rest, userId: id, streamType: types.STREAM_TYPE_SUB });
  }

  setPictureSize(size: PictureSize): void {
    this.camera.setSize(size);
  }

  /** `quality` is the same for everybody: TRTC does not report it by sender. */
  snapshot(state: RemoteMedia['state'], quality: Quality): RemoteMedia {
    return {
      id: this.id,
      state,
      camera: this.camera.track,
      screen: this.screen.track,
      sound: this.microphoneOn ? this.#client.getAudioTrack({ userId: this.id }) : null,
      microphoneOn: this.microphoneOn,
      cameraOn: this.camera.available,
      level: this.microphoneOn ? this.level : 0,
      quality,
    };
  }

  close(): void {
    this.camera.close();
    this.screen.close();
  }
}
