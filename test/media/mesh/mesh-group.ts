import { MeshRoom } from '../../../src/media/mesh/room.ts';
import { FakeLocalMedia } from '../../support/fake-local-media.ts';
import { RoomGroup } from '../media-room-suite.ts';

/** People in one room of the built-in media, on this page alone. */
export const meshGroup = (): RoomGroup =>
  new RoomGroup({
    name: 'MeshRoom',
    real: true,
    make: (options) => new MeshRoom({ ...options, ticket: { provider: 'mesh', iceServers: [] } }),
    makeLocal: () => new FakeLocalMedia(),
  });

/** Makes the connections of a room, and keeps them in `made`, the first one first. */
export class MadeConnections {
  readonly made: RTCPeerConnection[] = [];

  readonly connect = (configuration: RTCConfiguration): RTCPeerConnection => {
    const connection = new RTCPeerConnection(configuration);
    this.made.push(connection);
    return connection;
  };
}
