/** A visitor's call without a browser: the core over any platform, with media that carry nothing. */
import type { CallParts } from '../../src/call/call-parts.ts';
import type { VisitorCallControl } from '../../src/call/visitor-call-control.ts';
import { VisitorCall } from '../../src/call/visitor/call.ts';
import { DeskChat } from '../../src/chat/desk/chat.ts';
import type {
  LocalMedia,
  LocalMediaSnapshot,
  SourceSnapshot,
} from '../../src/media/local-media.ts';
import type { MediaRoom, MediaSnapshot } from '../../src/media/media.ts';
import type { Platform } from '../../src/platform/platform.ts';
import { SignalingClient } from '../../src/signaling/signaling-client.ts';
import { Store } from '../../src/snapshot/store.ts';

export function createVisitorCall(
  platform: Platform,
  options: { readonly server: string; readonly site: string },
): VisitorCallControl {
  const parts: CallParts = {
    platform,
    local: new NoDevices(),
    connect: (options) => new SignalingClient(platform, options),
    adapters: {
      openMedia: async () => new EmptyMediaRoom(),
      openChat: async (options) => new DeskChat(platform, options),
      preload: async () => {},
      prepareMedia: async () => null,
    },
  };
  return new VisitorCall(options, parts);
}

const MISSING: SourceSnapshot = {
  ...{ state: 'failed', error: 'no-camera', deviceId: '', track: null },
};

class NoDevices extends Store<LocalMediaSnapshot> implements LocalMedia {
  constructor() {
    super({
      ...{ camera: MISSING, microphone: MISSING, screen: MISSING },
      ...{ cameras: [], microphones: [], speakers: [], level: 0 },
    });
  }
  async start(): Promise<void> {}
  async setCameraOn(): Promise<void> {}
  async setMicrophoneOn(): Promise<void> {}
  async useCamera(): Promise<void> {}
  async useMicrophone(): Promise<void> {}
  async startScreen(): Promise<void> {}
  stopScreen(): void {}
  adapt(): void {}
  stop(): void {}
}

class EmptyMediaRoom extends Store<MediaSnapshot> implements MediaRoom {
  constructor() {
    super({
      ...{ state: 'idle', error: null, remotes: [], quality: 0 },
      audioBlocked: false,
    });
  }
  async enter(): Promise<void> {
    this.update({ state: 'entered' });
  }
  async leave(): Promise<void> {
    this.update({ state: 'left' });
  }
  handleRoster(): void {}
  handleSignal(): void {}
  handleSignalingRestored(): void {}
  setPictureSize(): void {}
  async startAudio(): Promise<void> {}
  async setSpeaker(): Promise<void> {}
}
