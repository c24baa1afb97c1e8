/** What a device and network test asks of the server. */
import { Type } from '@sinclair/typebox';
import { IceServer } from '../room-view.ts';
import { DEVICE_CHECKS, type DeviceReport } from '../device-report.ts';
import { closed, described, Nullable, OneOf, ParticipantId, type Shape } from '../schema.ts';

/** One of the two people of a test room. */
const TrtcTestPerson = closed({
  userId: ParticipantId,
  userSig: Type.String(),
  privateMapKey: Type.String(),
});

/** A room of TRTC in which a page sends a picture to itself. */
export const TrtcTestRoom = closed({
  sdkAppId: Type.Integer(),
  room: Type.String({
    description:
      'TRTC’s `strRoomId`. Calls have numbers, so that no test enters the room of a call.',
  }),
  sender: TrtcTestPerson,
  receiver: TrtcTestPerson,
});
export type TrtcTestRoom = Shape<typeof TrtcTestRoom>;

export const DeviceTestSetup = closed({
  iceServers: Type.Array(IceServer, {
    description: 'Credentials for the relays, good for ten minutes. Empty: the server has none.',
  }),
  media: OneOf('mesh', 'trtc'),
  trtcRoom: described(
    Nullable(TrtcTestRoom),
    'Good for ten minutes. Null: calls run on the built-in media, or the site does not pay for such rooms.',
  ),
});
export type DeviceTestSetup = Shape<typeof DeviceTestSetup>;

/** One list of types, not a union: of a union the server's check turns a number into the text of the first part. */
const Figure = Type.Unsafe<string | number | boolean | null>({
  type: ['string', 'number', 'boolean', 'null'],
  maxLength: 200,
});
const Name = Type.String({ pattern: '^[A-Za-z0-9-]{1,60}$' });

/** What a visitor sends with a call: the report of `<call-test>`. */
export const DeviceReportBody = Type.Unsafe<DeviceReport>(
  closed({
    version: Type.Literal(1),
    at: Type.Number({ minimum: 0, maximum: 8.64e15, description: 'Ms since 1970.' }),
    agent: Type.String({ maxLength: 500, description: 'The browser’s user agent.' }),
    checks: Type.Array(
      closed({
        id: OneOf(...DEVICE_CHECKS),
        status: OneOf('passed', 'warning', 'failed', 'skipped'),
        code: Nullable(Name),
        data: Type.Record(Name, Figure, { maxProperties: 20, additionalProperties: false }),
      }),
      { maxItems: DEVICE_CHECKS.length },
    ),
  }),
);

export const DeviceTestCode = closed({
  code: Type.String({ description: 'Opens `/test/<site>#code`, whose report goes to the call.' }),
  expiresAt: Type.Number({ description: 'Ms since 1970.' }),
});
export type DeviceTestCode = Shape<typeof DeviceTestCode>;
