import { FakeLocalMedia } from '../support/fake-local-media.ts';
import { FakeMediaRoom } from '../support/fake-media-room.ts';
import { mediaRoomSuite } from './media-room-suite.ts';

mediaRoomSuite({
  name: 'FakeMediaRoom',
  real: false,
  make: (options) => new FakeMediaRoom({ ...options, ticket: null }),
  makeLocal: () => new FakeLocalMedia(),
});
