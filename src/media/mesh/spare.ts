import type { IceServer } from '../../protocol/views.ts';
import type { PreparedMedia } from '../media.ts';

/** One pool of candidates is gathered before there is a description. With `max-bundle` a connection needs no more. */
export const meshConfiguration = (iceServers: readonly IceServer[]): RTCConfiguration => ({
  iceServers: iceServers as RTCIceServer[],
  bundlePolicy: 'max-bundle',
  iceCandidatePoolSize: 1,
});

export interface MeshSpare extends PreparedMedia {
  readonly spare: RTCPeerConnection;
}

/** A connection for the first offer that arrives. It gathers candidates while the call rings. */
export function makeSpare(iceServers: readonly IceServer[]): MeshSpare {
  const spare = new RTCPeerConnection(meshConfiguration(iceServers));
  return { firstSignal: null, spare, close: () => spare.close() };
}
