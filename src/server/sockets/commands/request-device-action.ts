import type { CommandHandler } from './command-handler.ts';

export const requestDeviceAction: CommandHandler<'request-device-action'> = async (
  { relay },
  connection,
  { room, to, requestId, action },
) => {
  await relay.requireAgent(connection, room);
  await relay.sendTo(connection, { room, to }, (from) => {
    return { type: 'device-request', room, from, requestId, action };
  });
  return null;
};
