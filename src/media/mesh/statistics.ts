import type { DirectionSample } from './network-quality.ts';

/** The fields of a webrtc-stats entry that are read here. */
interface Entry {
  readonly type: string;
  readonly timestamp: number;
  readonly kind?: string;
  readonly state?: string;
  readonly nominated?: boolean;
  readonly packetsSent?: number;
  readonly packetsReceived?: number;
  readonly packetsLost?: number;
  readonly jitter?: number;
  readonly roundTripTime?: number;
  readonly currentRoundTripTime?: number;
  readonly availableOutgoingBitrate?: number;
  readonly totalFreezesDuration?: number;
  readonly freezeCount?: number;
}

/** Sums over all streams since the connection began. */
interface Totals {
  readonly at: number;
  readonly sent: number;
  readonly received: number;
  readonly lostOutward: number;
  readonly lostInward: number;
  /** Seconds. */
  readonly frozen: number;
}

export interface MeshSample {
  /** Our sending, as the other side reports it. */
  readonly sent: DirectionSample;
  /** What we receive. */
  readonly received: DirectionSample;
}

/** Reads one connection's statistics, as the difference to the previous reading. */
export class MeshStatistics {
  #connection: RTCPeerConnection | null = null;
  #before: Totals | null = null;

  /** Null at the first reading of a connection, and if it is closed. */
  async read(connection: RTCPeerConnection): Promise<MeshSample | null> {
    if (connection.connectionState === 'closed') return null;
    const report = await connection.getStats();
    return this.handleReport(connection, report as ReadonlyMap<string, unknown>);
  }

  handleReport(
    connection: RTCPeerConnection,
    report: ReadonlyMap<string, unknown>,
  ): MeshSample | null {
    const entries = [...report.values()] as Entry[];
    const totals = addUp(entries);
    const before = this.#connection === connection ? this.#before : null;
    this.#connection = connection;
    this.#before = totals;
    if (!before) return null;
    const pair = entries.find(
      (entry) => entry.type === 'candidate-pair' && entry.nominated && entry.state === 'succeeded',
    );
    const outward = entries.filter((entry) => entry.type === 'remote-inbound-rtp');
    const inward = entries.filter((entry) => entry.type === 'inbound-rtp');
    const roundTrip = inMilliseconds(
      pair?.currentRoundTripTime ?? worst(outward.map((entry) => entry.roundTripTime)),
    );
    const seconds = (totals.at - before.at) / 1000;
    const arrived = totals.received - before.received;
    return {
      sent: {
        roundTrip,
        loss: share(totals.lostOutward - before.lostOutward, totals.sent - before.sent),
        jitter: inMilliseconds(worst(outward.map((entry) => entry.jitter))),
        available: pair?.availableOutgoingBitrate ?? null,
        frozen: null,
      },
      received: {
        roundTrip: arrived > 0 ? roundTrip : null,
        loss: share(
          totals.lostInward - before.lostInward,
          arrived + totals.lostInward - before.lostInward,
        ),
        jitter: inMilliseconds(worst(inward.map((entry) => entry.jitter))),
        available: null,
        frozen: seconds > 0 ? Math.min(1, (totals.frozen - before.frozen) / seconds) : null,
      },
    };
  }
}

function addUp(entries: readonly Entry[]): Totals {
  const sum = (type: string, value: (entry: Entry) => number | undefined) =>
    entries
      .filter((entry) => entry.type === type)
      .reduce((total, entry) => total + (value(entry) ?? 0), 0);
  return {
    at: Math.max(0, ...entries.map((entry) => entry.timestamp)),
    sent: sum('outbound-rtp', (entry) => entry.packetsSent),
    received: sum('inbound-rtp', (entry) => entry.packetsReceived),
    lostOutward: sum('remote-inbound-rtp', (entry) => entry.packetsLost),
    lostInward: sum('inbound-rtp', (entry) => entry.packetsLost),
    frozen: sum('inbound-rtp', (entry) => entry.totalFreezesDuration),
  };
}

/** A late packet decreases the count of lost packets. That is no loss. */
function share(lost: number, of: number): number | null {
  return of > 0 ? Math.min(1, Math.max(0, lost / of)) : null;
}

function worst(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}

function inMilliseconds(seconds: number | undefined): number | null {
  return seconds === undefined ? null : seconds * 1000;
}
