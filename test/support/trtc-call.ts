import type { TrtcTicket } from '../../src/media/trtc/room.ts';
import { TrtcRoom } from '../../src/media/trtc/room.ts';
import { prepareTrtc, type PreparedTrtc } from '../../src/media/trtc/prepared.ts';
import { FakeCall } from './fake-call.ts';
import { TrtcCloud, type TrtcStandIn } from './trtc-stand-in.ts';

/** A cloud that notes what is asked of it. */
class TracedCloud extends TrtcCloud {
  constructor(private readonly trace: string[]) {
    super();
    this.admit = () => void trace.push('enterRoom begun');
  }

  override create(options: { enableAutoPlayDialog: boolean }): TrtcStandIn {
    this.trace.push('instance made');
    return super.create(options);
  }
}

/** A call at TRTC with the stand-in of its SDK. `trace` tells the order in which the media are made ready. */
export class TrtcCall extends FakeCall {
  readonly trace: string[] = [];
  readonly cloud = new TracedCloud(this.trace);
  readonly media: TrtcRoom[] = [];

  constructor() {
    super();
    const load = async () => {
      this.trace.push('SDK loaded');
      return this.cloud;
    };
    this.local.subscribe(() => {
      const open = this.local.getSnapshot().camera.state === 'on';
      if (open && !this.trace.includes('devices open')) this.trace.push('devices open');
    });
    this.parts.adapters.prepareMedia = ({ entry }) => prepareTrtc(entry, load);
    this.parts.adapters.openMedia = async ({ start, ...options }) => {
      const own = { ...options, ticket: options.ticket as TrtcTicket };
      const prepared = (await start?.prepared) as PreparedTrtc | null | undefined;
      const room = prepared?.open(own) ?? new TrtcRoom({ ...own, load, clock: this.clock });
      this.media.push(room);
      return room;
    };
  }

  override get leftovers(): string[] {
    const open = this.cloud.instances.filter(({ destroyed }) => !destroyed);
    return [...super.leftovers, ...this.cloud.violations, ...open.map(() => 'instance of the SDK')];
  }
}
