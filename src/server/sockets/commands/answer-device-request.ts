import type { CommandHandler } from './command-handler.ts';

/** The page that asked knows of whom, and takes no other person's answer. */
export const answerDeviceRequest: CommandHandler<'answer-device-request'> = async (
  { relay },
  connection,
  { room, to, requestId, answer },
) => {
  await relay.sendTo(connection, { room, to }, (from) => {
    return { type: 'device-answer', room, from, requestId, answer };
  });
  return null;
};
