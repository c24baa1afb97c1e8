import { Type } from '@sinclair/typebox';
import { closed, type Shape } from '../schema.ts';

const Days = (description: string) => Type.Integer({ minimum: 1, maximum: 3_650, description });

/** How many days a site keeps each kind of data. */
export const RetentionPeriods = closed({
  chatDays: Days('Messages, from the close of their room.'),
  pictureDays: Days('Pictures, from the close of their room. Never longer than the chat.'),
  recordingDays: Days('Recordings, from the end of their call. Never longer than the call.'),
  callDays: Days('Calls with everything that belongs to them, from their end.'),
  auditDays: Days('The audit log, and the records of erasures.'),
});
export type RetentionPeriods = Shape<typeof RetentionPeriods>;
