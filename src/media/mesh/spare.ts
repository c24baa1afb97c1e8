import type { IceServer } from '../../protocol/views.ts';
import type { PreparedMedia } from '../media.ts';

export type Connect = (configuration: RTCConfiguration) => RTCPeerConnection;

/**
 * A connection as all of the mesh. One pool of candidates is gathered before there is a description; with `max-bundle`
 * it needs no more.
 */
export const makeConnection = (
  iceServers: readonly IceServer[],
  connect: Connect = (configuration) => new RTCPeerConnection(configuration),
): RTCPeerConnection =>
  connect({
    iceServers: iceServers as RTCIceServer[],
    bundlePolicy: 'max-bundle',
    iceCandidatePoolSize: 1,
  });

interface MeshSpare extends PreparedMedia {
  readonly spare: RTCPeerConnection;
}

/** A connection for the first offer that arrives. It gathers candidates while the call rings. */
export function makeSpare(iceServers: readonly IceServer[]): MeshSpare {
  const spare = makeConnection(iceServers);
  return { spare, close: () => spare.close() };
}
