import { systemClock, type Clock } from '../../platform/clock.ts';
import type { IceServer } from '../../protocol/views.ts';
import type { LocalMedia } from '../local-media.ts';
import type { PreparedMedia } from '../media.ts';
import { MeshConnection, type MeshConnectionOptions } from './connection.ts';
import { encodingOf } from './encoding.ts';
import { readSources } from './local-sources.ts';
import { makeConnection, type Connect } from './spare.ts';
import { nextSerial, type CandidateSignal, type MeshSignal } from './signal.ts';

export interface PreparedConnectionOptions {
  readonly iceServers: readonly IceServer[];
  readonly local: LocalMedia;
  readonly clock?: Clock;
  readonly connect?: Connect;
}

/**
 * A connection that is offered before it is known who will answer: while the call rings at the agent. Its lines are
 * made and its candidates gathered, so that the accept can carry a complete offer. The offer has no `by`; the receiver
 * takes the sender's id. The first person who answers gets the connection. A second answer is dropped.
 */
export class PreparedConnection implements PreparedMedia {
  readonly preparedConnection = this;
  readonly #connection: MeshConnection;
  /** Resolves when there is a first signal, or when there can be none. */
  readonly ready: Promise<void>;
  readonly serial = nextSerial(0);
  /** What was to be sent since `firstSignal` was last read. */
  #unsent: MeshSignal[] = [];

  constructor({ iceServers, local, clock = systemClock, connect }: PreparedConnectionOptions) {
    let markReady = (): void => {};
    this.ready = new Promise((resolve) => (markReady = resolve));
    this.#connection = new MeshConnection(
      {
        name: { by: '', serial: this.serial },
        polite: false,
        clock,
        tracks: () => readSources(local).tracks,
        states: () => ({ ...readSources(local).states, sequence: nextSerial(0) }),
        send: (signal) => {
          this.#unsent.push(signal);
          if (signal.kind === 'offer') markReady();
        },
        encoding: (source) =>
          encodingOf(source, { links: 1, fresh: true, profile: local.getSnapshot().profile }),
        onChange: () => {},
        onFailure: () => {
          this.close();
          markReady();
        },
      },
      makeConnection(iceServers, connect),
    );
    this.#connection.offer();
  }

  /** With all candidates so far. Those that are found later are sent to the person who answers. */
  get firstSignal(): unknown {
    this.#unsent = [];
    if (!this.#connection.resendOffer()) return null;
    const [offer] = this.#unsent.splice(0);
    return { ...offer, by: undefined };
  }

  /** Gives the connection to the link of the person who answered. */
  handOver(options: MeshConnectionOptions): MeshConnection {
    this.#connection.handOver(options);
    const found = this.#unsent.filter(({ kind }) => kind === 'candidate') as CandidateSignal[];
    for (const signal of found) options.send({ ...signal, ...options.name });
    // The devices may have started since the offer was made.
    this.#connection.replaceTracks();
    return this.#connection;
  }

  close(): void {
    this.#connection.close();
  }
}

/** Resolves when the preparedConnection has its first signal, or can have none. */
export async function prepareConnection(
  options: PreparedConnectionOptions,
): Promise<PreparedConnection> {
  const preparedConnection = new PreparedConnection(options);
  await preparedConnection.ready;
  return preparedConnection;
}
