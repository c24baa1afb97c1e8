import type { DeviceTestMedia, TestedDevice } from '../../media/device-test-media.ts';
import { failed, passed, skipped } from '../../media/device-test-results.ts';
import { Cancellation } from '../../platform/cancellation.ts';
import type { Platform } from '../../platform/platform.ts';
import {
  DEVICE_CHECKS,
  type DeviceCheck,
  type DeviceCheckId,
  type DeviceCheckResult,
  type DeviceReport,
} from '../../protocol/device-report.ts';
import type { DeviceTestSetup } from '../../protocol/rest/device-test.ts';
import type { IceServer } from '../../protocol/views.ts';
import { Store } from '../../snapshot/store.ts';
import { checkSignaling } from './check-signaling.ts';
import type { DeviceTestControl, DeviceTestSnapshot } from './device-test-control.ts';

export interface DeviceTestOptions {
  /** The desk's address. */
  readonly server: string;
  readonly site: string;
}

const SETUP_TIMEOUT_MS = 10_000;
const IDLE: DeviceTestSnapshot = {
  state: 'idle',
  current: null,
  checks: [],
  level: 0,
  camera: null,
  report: null,
};

/** Runs the checks of a device and network test one after the other. No failure ends it: it is a result. */
export class DeviceTest implements DeviceTestControl {
  readonly #store = new Store<DeviceTestSnapshot>(IDLE);
  readonly #tracks = new Set<MediaStreamTrack>();
  /** Counts the runs, so that an earlier one writes nothing any more. */
  #run = 0;
  #answer: ((heard: boolean) => void) | null = null;

  constructor(
    private readonly options: DeviceTestOptions,
    private readonly platform: Platform,
    private readonly media: DeviceTestMedia,
  ) {}

  getSnapshot(): Readonly<DeviceTestSnapshot> {
    return this.#store.getSnapshot();
  }

  subscribe(listener: () => void): () => void {
    return this.#store.subscribe(listener);
  }

  async start(): Promise<void> {
    this.stop();
    const run = ++this.#run;
    this.#store.update({ ...IDLE, state: 'running' });
    let setup: Promise<DeviceTestSetup | null> | null = null;
    let cameraTrack: MediaStreamTrack | null = null;
    const readSetup = () => (setup ??= this.#readSetup());
    const servers = async (): Promise<readonly IceServer[] | null> =>
      (await readSetup())?.iceServers ?? null;
    const turn = async (transport: 'udp' | 'tcp' | 'tls'): Promise<DeviceCheckResult> => {
      const own = await servers();
      return own ? this.media.checkTurn(transport, own) : skipped('no-credentials');
    };
    const checks: Readonly<Record<DeviceCheckId, () => Promise<DeviceCheckResult>>> = {
      browser: async () => {
        const result = this.media.checkBrowser();
        if (result.status === 'failed' || (await readSetup())?.media !== 'trtc') return result;
        return this.media.checkTrtcBrowser();
      },
      camera: async () => {
        const { track, error } = await this.#open(run, 'camera');
        if (!track) return failed(error);
        cameraTrack = track;
        this.#store.update({ camera: this.media.stream(track) });
        return this.media.checkCamera(track);
      },
      microphone: async () => {
        const { track, error } = await this.#open(run, 'microphone');
        if (!track) return failed(error);
        return this.media.checkMicrophone(track, (level) => {
          if (run === this.#run) this.#store.update({ level });
        });
      },
      speaker: () => this.#askForTone(run),
      signaling: () => checkSignaling(this.platform, this.options),
      'turn-udp': () => turn('udp'),
      'turn-tcp': () => turn('tcp'),
      'turn-tls': () => turn('tls'),
      network: async () => {
        const room = (await readSetup())?.trtcRoom;
        if (room) return this.media.measureTrtc(room, cameraTrack);
        const own = await servers();
        return own ? this.media.measureNetwork(own, cameraTrack) : skipped('no-credentials');
      },
    };
    for (const id of DEVICE_CHECKS) {
      this.#store.update({ current: id });
      const usable = this.getSnapshot().checks[0]?.status !== 'failed';
      const result = usable ? await resultOf(checks[id]) : skipped('unsupported-browser');
      if (run !== this.#run) return;
      const check: DeviceCheck = { id, ...result };
      this.#store.update({ checks: [...this.getSnapshot().checks, check], level: 0 });
    }
    this.#stopDevices();
    const { checks: done } = this.getSnapshot();
    const report: DeviceReport = {
      version: 1,
      at: Math.round(this.platform.clock.now()),
      agent: this.media.agent,
      checks: done,
    };
    this.#store.update({ state: 'ended', current: null, camera: null, report });
  }

  answer(heard: boolean): void {
    this.#answer?.(heard);
  }

  repeatTone(): void {
    if (this.#answer) void this.media.playTone();
  }

  stop(): void {
    this.#run += 1;
    this.#answer?.(false);
    this.#stopDevices();
    this.#store.update(IDLE);
  }

  async #open(run: number, kind: 'camera' | 'microphone'): Promise<TestedDevice> {
    const opened = await this.media.open(kind);
    if (!opened.track) return opened;
    // The test ended while the browser was asking.
    if (run !== this.#run) opened.track.stop();
    else this.#tracks.add(opened.track);
    return opened;
  }

  async #askForTone(run: number): Promise<DeviceCheckResult> {
    if (!(await this.media.playTone())) return failed('no-sound');
    if (run !== this.#run) return skipped('stopped');
    this.#store.update({ state: 'asking' });
    const heard = await new Promise<boolean>((resolve) => (this.#answer = resolve));
    this.#answer = null;
    if (run === this.#run) this.#store.update({ state: 'running' });
    return heard ? passed() : failed('tone-not-heard');
  }

  /** Null if the server gives no credentials now. */
  async #readSetup(): Promise<DeviceTestSetup | null> {
    const { server, site } = this.options;
    const cancellation = new Cancellation();
    const cancelTimeout = this.platform.clock.after(SETUP_TIMEOUT_MS, () => cancellation.cancel());
    try {
      const response = await this.platform.request({
        method: 'POST',
        address: this.platform.resolve(
          `/api/v1/sites/${encodeURIComponent(site)}/device-test`,
          server,
        ),
        headers: {},
        cancellation,
      });
      return response.status === 200 ? ((await response.json()) as DeviceTestSetup) : null;
    } catch {
      // The check of the signaling tells that the server cannot be reached.
      return null;
    } finally {
      cancelTimeout();
    }
  }

  #stopDevices(): void {
    for (const track of this.#tracks) track.stop();
    this.#tracks.clear();
  }
}

/** An exception of a browser is the result of a check. */
async function resultOf(check: () => Promise<DeviceCheckResult>): Promise<DeviceCheckResult> {
  try {
    return await check();
  } catch (error) {
    return failed('check-failed', { error: String(error) });
  }
}
