import type { LocalMedia } from '../media/local-media.ts';
import type { View } from '../protocol/views.ts';
import type { Signaling, SignalingOptions } from '../signaling/signaling-client.ts';
import type { Clock } from '../snapshot/clock.ts';
import type { RoomAdapters } from './room-adapters.ts';

/** What a call is built from. `defaults.ts` brings the real parts, a test its own. */
export interface CallParts {
  readonly adapters: RoomAdapters;
  readonly local: LocalMedia;
  readonly clock: Clock;
  connect<V extends View>(options: SignalingOptions): Signaling<V>;
}
