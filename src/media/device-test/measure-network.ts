import type { DeviceCheckData, DeviceCheckResult } from '../../protocol/device-report.ts';
import type { IceServer } from '../../protocol/views.ts';
import { MeshStatistics, type MeshSample } from '../mesh/statistics.ts';
import { serversBy } from './check-turn.ts';
import { failed, passed, skipped, warning } from '../device-test-results.ts';
import { drawMovingPicture } from './moving-picture.ts';

const CONNECT_MS = 10_000;
const SECONDS = 8;

/** Limits of a good and of a usable line, as Daily publishes them for its own test. */
const GOOD = { loss: 0.05, roundTripMs: 300, kilobits: 1_100 };
const USABLE = { loss: 0.1, roundTripMs: 600, kilobits: 250 };

export interface NetworkFigures {
  /** The capacity that the browser estimates for what it sends; null if it does not tell. */
  readonly kilobits: number | null;
  /** The share of packets that were lost, 0 to 1. */
  readonly loss: number | null;
  readonly jitterMs: number | null;
  readonly roundTripMs: number | null;
}

/**
 * Sends a picture for 8 s over a relay and back, between two connections of this page, and measures the line: as in a
 * call between two people behind strict firewalls.
 */
export async function measureNetwork(
  servers: readonly IceServer[],
  track: MediaStreamTrack | null,
): Promise<DeviceCheckResult> {
  const relays = (['udp', 'tcp', 'tls'] as const).flatMap((by) => serversBy(by, servers));
  if (relays.length === 0) return skipped('no-turn-server');
  const drawn = track ? null : drawMovingPicture();
  const pair = new RelayPair(relays);
  try {
    if (!(await pair.connect(track ?? drawn!))) return failed('relay-not-connected');
    return judgeNetwork(await pair.measure());
  } finally {
    pair.close();
    drawn?.stop();
  }
}

/** Whether the line is good (passed), usable (warning) or too bad for a picture (failed). */
export function judgeNetwork(figures: NetworkFigures): DeviceCheckResult {
  const data: DeviceCheckData = { ...figures };
  const { loss, roundTripMs, kilobits } = figures;
  if (loss === null && roundTripMs === null) return failed('relay-not-connected', data);
  const code = worstOf(figures, GOOD);
  if (code === null) return passed(data);
  const beyond =
    (loss ?? 0) > USABLE.loss ||
    (roundTripMs ?? 0) > USABLE.roundTripMs ||
    (kilobits ?? Infinity) < USABLE.kilobits;
  return beyond ? failed(worstOf(figures, USABLE) ?? code, data) : warning(code, data);
}

function worstOf({ loss, roundTripMs, kilobits }: NetworkFigures, limit: typeof GOOD) {
  if ((loss ?? 0) > limit.loss) return 'network-loss';
  if ((roundTripMs ?? 0) > limit.roundTripMs) return 'network-delay';
  return (kilobits ?? Infinity) < limit.kilobits ? 'network-slow' : null;
}

class RelayPair {
  readonly #near: RTCPeerConnection;
  readonly #far: RTCPeerConnection;

  constructor(servers: readonly IceServer[]) {
    const configuration: RTCConfiguration = {
      iceServers: servers as RTCIceServer[],
      iceTransportPolicy: 'relay',
    };
    this.#near = new RTCPeerConnection(configuration);
    this.#far = new RTCPeerConnection(configuration);
    exchangeCandidates(this.#near, this.#far);
    exchangeCandidates(this.#far, this.#near);
  }

  async connect(track: MediaStreamTrack): Promise<boolean> {
    const connected = new Promise<boolean>((resolve) => {
      const timer = setTimeout(resolve, CONNECT_MS, false);
      this.#near.addEventListener('connectionstatechange', () => {
        const state = this.#near.connectionState;
        if (state !== 'connected' && state !== 'failed') return;
        clearTimeout(timer);
        resolve(state === 'connected');
      });
    });
    this.#near.addTrack(track, new MediaStream([track]));
    await this.#near.setLocalDescription();
    await this.#far.setRemoteDescription(this.#near.localDescription!);
    await this.#far.setLocalDescription();
    await this.#near.setRemoteDescription(this.#far.localDescription!);
    return connected;
  }

  async measure(): Promise<NetworkFigures> {
    const statistics = new MeshStatistics();
    const samples: MeshSample[] = [];
    for (let second = 0; second <= SECONDS; second += 1) {
      const sample = await statistics.read(this.#near);
      if (sample) samples.push(sample);
      if (second < SECONDS) await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
    const known = (values: readonly (number | null)[]) => values.filter((value) => value !== null);
    const sent = samples.map((sample) => sample.sent);
    const mean = (values: readonly number[]) =>
      values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
    const rounded = (value: number | null) => (value === null ? null : Math.round(value));
    const available = known(sent.map((one) => one.available));
    return {
      kilobits: available.length === 0 ? null : Math.round(Math.max(...available) / 1_000),
      loss: mean(known(sent.map((one) => one.loss))),
      jitterMs: rounded(mean(known(sent.map((one) => one.jitter)))),
      roundTripMs: rounded(mean(known(sent.map((one) => one.roundTrip)))),
    };
  }

  close(): void {
    this.#near.close();
    this.#far.close();
  }
}

function exchangeCandidates(from: RTCPeerConnection, to: RTCPeerConnection): void {
  const early: RTCIceCandidate[] = [];
  const add = (candidate: RTCIceCandidate): void => {
    // A candidate that the other side refuses is one way less. The timeout tells if there is none.
    to.addIceCandidate(candidate).catch(() => undefined);
  };
  from.addEventListener('icecandidate', ({ candidate }) => {
    if (!candidate) return;
    if (to.remoteDescription) add(candidate);
    else early.push(candidate);
  });
  to.addEventListener('signalingstatechange', () => {
    if (to.remoteDescription) for (const candidate of early.splice(0)) add(candidate);
  });
}
