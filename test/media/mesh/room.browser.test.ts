import { MeshRoom } from '../../../src/media/mesh/room.ts';
import { realLocalMedia } from '../../support/real-local-media.ts';
import { mediaRoomSuite } from '../media-room-suite.ts';

mediaRoomSuite({
  name: 'MeshRoom',
  real: true,
  make: (options) => new MeshRoom({ ...options, ticket: { provider: 'mesh', iceServers: [] } }),
  makeLocal: realLocalMedia,
});
