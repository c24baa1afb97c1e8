import type { VideoProfile } from '../../protocol/video-profile.ts';
import type { LocalMedia, SourceName, SourceSnapshot } from '../local-media.ts';
import type { Tracks } from './connection.ts';
import type { SourceStates } from './signal.ts';

export interface LocalSources {
  readonly tracks: Tracks;
  readonly states: Omit<SourceStates, 'sequence'>;
  readonly profile: VideoProfile | undefined;
}

/** What we send, and what we report about it. */
export function readSources(local: LocalMedia): LocalSources {
  const snapshot = local.getSnapshot();
  const { held, profile } = snapshot;
  const sent = (source: SourceName): Partial<SourceSnapshot> =>
    held?.includes(source) ? {} : snapshot[source];
  const [camera, microphone, screen] = [sent('camera'), sent('microphone'), sent('screen')];
  return {
    tracks: {
      camera: camera.track ?? null,
      microphone: microphone.track ?? null,
      screen: screen.track ?? null,
    },
    states: {
      cameraOn: camera.state === 'on',
      microphoneOn: microphone.state === 'on',
      screenOn: screen.state === 'on',
    },
    profile,
  };
}
