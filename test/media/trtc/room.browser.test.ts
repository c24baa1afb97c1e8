import { expect } from '@open-wc/testing';
import { TrtcRoom } from '../../../src/media/trtc/room.ts';
import { FakeLocalMedia } from '../../support/fake-local-media.ts';
import { TrtcCloud } from '../../support/trtc-stand-in.ts';
import { mediaRoomSuite } from '../media-room-suite.ts';

let cloud = new TrtcCloud();
beforeEach(() => (cloud = new TrtcCloud()));

mediaRoomSuite({
  name: 'TrtcRoom over a stand-in of the SDK',
  real: false,
  make: (options) =>
    new TrtcRoom({
      ...options,
      ticket: { provider: 'trtc', sdkAppId: 1400000001, userSig: 'sig', privateMapKey: 'key' },
      load: async () => cloud,
    }),
  makeLocal: () => new FakeLocalMedia(),
});

afterEach('asks nothing of the SDK that it forbids, and ends every instance', () => {
  expect(cloud.violations).to.deep.equal([]);
  expect(cloud.instances.map(({ destroyed }) => destroyed)).not.to.include(false);
});
