import { DeskChat } from '../../src/chat/desk/chat.ts';
import type { DeskParts } from '../../src/call/agent/desk.ts';
import type { PreparedMedia } from '../../src/media/media.ts';
import { RtcDeskError } from '../../src/protocol/errors.ts';
import type { MediaProvider } from '../../src/protocol/views.ts';
import { SignalingClient } from '../../src/signaling/signaling-client.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeLocalMedia, type FakeLocalMediaOptions } from './fake-local-media.ts';
import { FakeMediaRoom, type FakeMediaRoomOptions } from './fake-media-room.ts';
import { fakePlatform } from './fake-platform.ts';
import { FakeRecordings } from './fake-recordings.ts';
import { FakeServer } from './fake-server.ts';

/** Prepared media that a room takes over by itself. */
export class FakePreparedMedia implements PreparedMedia {
  open = true;

  constructor(readonly firstSignal: unknown) {}

  close(): void {
    this.open = false;
  }
}

/** A call's parts with a server, devices, media and a clock in memory; signaling and chat are the real ones. */
export class FakeCall {
  readonly clock = new FakeClock();
  readonly server = new FakeServer(this.clock);
  readonly local: FakeLocalMedia;
  readonly rooms: FakeMediaRoom[] = [];
  readonly prepared: FakePreparedMedia[] = [];
  readonly parts: DeskParts;
  readonly recordings = new FakeRecordings();
  /** The media that were loaded ahead, once for each time. */
  readonly preloads: MediaProvider[] = [];
  /** The conversations that were loaded. */
  chatsOpened = 0;
  /** Conversations cannot be loaded. */
  refuseChats = false;

  constructor(local: FakeLocalMediaOptions = {}, media: FakeMediaRoomOptions = {}) {
    this.local = new FakeLocalMedia(local);
    const platform = fakePlatform(this.clock, this.server.connect);
    this.parts = {
      platform,
      local: this.local,
      connect: (options) => new SignalingClient(platform, options),
      openRecordings: async (server) => this.recordings.open(server),
      hasStoredRecordings: async () => this.recordings.hasStored,
      adapters: {
        openMedia: async (options) => {
          (await options.start?.prepared)?.close();
          const room = new FakeMediaRoom(options, media);
          this.rooms.push(room);
          return room;
        },
        openChat: async (options) => {
          if (this.refuseChats) throw new RtcDeskError('offline');
          this.chatsOpened++;
          return new DeskChat(platform, options);
        },
        preload: async (provider) => {
          this.preloads.push(provider);
        },
        prepareMedia: async ({ local }) => {
          const prepared = new FakePreparedMedia(local ? { hello: 'visitor' } : null);
          this.prepared.push(prepared);
          return prepared;
        },
      },
    };
  }

  /** What is left of a call: sockets, timers, rooms, tracks. */
  get leftovers(): string[] {
    const { camera, microphone, screen } = this.local.getSnapshot();
    return [
      ...[...this.server.sockets].map(() => 'socket'),
      ...(this.clock.pending > 0 ? [`${this.clock.pending} timers`] : []),
      ...this.rooms.filter((room) => room.getSnapshot().state !== 'left').map(() => 'media room'),
      ...this.prepared.filter(({ open }) => open).map(() => 'prepared media'),
      ...(camera.track || microphone.track || screen.track ? ['track'] : []),
    ];
  }
}
