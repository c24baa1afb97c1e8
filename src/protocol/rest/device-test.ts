/** What a device and network test asks of the server. */
import { Type } from '@sinclair/typebox';
import { IceServer } from '../room-view.ts';
import { closed, OneOf, type Shape } from '../schema.ts';

export const DeviceTestSetup = closed({
  iceServers: Type.Array(IceServer, {
    description: 'Credentials for the relays, good for ten minutes. Empty: the server has none.',
  }),
  media: OneOf('mesh', 'trtc'),
});
export type DeviceTestSetup = Shape<typeof DeviceTestSetup>;
