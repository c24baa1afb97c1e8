import { Type } from '@sinclair/typebox';

/** `:number` of a room's address. */
export const RoomParams = Type.Object({
  number: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }),
});
