import type { IceServer } from '../../protocol/views.ts';
import type { PreparedMedia } from '../media.ts';

/** One pool of candidates is gathered before there is a description. With `max-bundle` a connection needs no more. */
export const meshConfiguration = (iceServers: readonly IceServer[]): RTCConfiguration => ({
  iceServers: iceServers as RTCIceServer[],
  bundlePolicy: 'max-bundle',
  iceCandidatePoolSize: 1,
});

/** A connection for the first offer that arrives. It gathers candidates while the call rings. */
export class MeshSpare implements PreparedMedia {
  readonly firstSignal = null;
  readonly #connection: RTCPeerConnection;
  #taken = false;

  constructor(iceServers: readonly IceServer[]) {
    this.#connection = new RTCPeerConnection(meshConfiguration(iceServers));
  }

  take(): RTCPeerConnection {
    this.#taken = true;
    return this.#connection;
  }

  close(): void {
    if (!this.#taken) this.#connection.close();
  }
}
