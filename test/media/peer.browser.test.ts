import { PeerRoom } from '../../src/media/peer.ts';
import { realLocalMedia } from '../support/real-local-media.ts';
import { mediaRoomSuite } from './media-room-suite.ts';

mediaRoomSuite({
  name: 'PeerRoom',
  real: true,
  make: (options) => new PeerRoom({ ...options, ticket: { provider: 'peer', iceServers: [] } }),
  makeLocal: realLocalMedia,
});
