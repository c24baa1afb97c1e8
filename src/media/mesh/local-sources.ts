import type { LocalMedia } from '../local-media.ts';
import type { Tracks } from './connection.ts';
import type { SourceStates } from './signal.ts';

export interface LocalSources {
  readonly tracks: Tracks;
  readonly states: Omit<SourceStates, 'sequence'>;
}

/** What we send, and what we report about it. */
export function readSources(local: LocalMedia): LocalSources {
  const { camera, microphone, screen } = local.getSnapshot();
  return {
    tracks: { camera: camera.track, microphone: microphone.track, screen: screen.track },
    states: {
      cameraOn: camera.state === 'on',
      microphoneOn: microphone.state === 'on',
      screenOn: screen.state === 'on',
    },
  };
}
