import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { DataDirectoryLocked } from '../database/data-directory-lock.ts';
import { openDatabase } from '../database/open-database.ts';
import { makeLogger } from '../settings/logger.ts';
import type { Settings } from '../settings/settings.ts';
import { readSigningKey } from '../settings/signing-key.ts';
import { CommandError, type CommandInput, type DatabaseCommand } from './command.ts';
import { controlAddress } from './control-address.ts';
import { readMessage, sendMessage, type ControlAnswer } from './control-messages.ts';
import { packageVersion } from './package-folder.ts';

/** Carries the command out where the database is, and prints its answer. Rejects with what `explainError` explains. */
export async function runDatabaseCommand(
  command: DatabaseCommand,
  input: CommandInput,
): Promise<void> {
  const request = await command.read(input);
  const { settings } = input;
  process.stdout.write(
    (await askServer(settings, command.name, request)) ??
      (await openAndRun(settings, command, request)),
  );
}

async function openAndRun(
  settings: Settings,
  command: DatabaseCommand,
  request: unknown,
): Promise<string> {
  try {
    return await runHere(settings, command, request);
  } catch (error) {
    if (!(error instanceof DataDirectoryLocked)) throw error;
    // A server may have begun to listen since the first attempt.
    const printed = await askServer(settings, command.name, request);
    if (printed === null) throw error;
    return printed;
  }
}

async function runHere(
  settings: Settings,
  command: DatabaseCommand,
  request: unknown,
): Promise<string> {
  const logger = makeLogger(settings.logLevel);
  const database = await openDatabase({
    databaseUrl: settings.databaseUrl ?? undefined,
    dataDir: settings.dataDir,
    nodeId: randomUUID(),
    logger,
  });
  try {
    const key = await readSigningKey(database, settings);
    return await command.run({ database, key, settings, logger }, request);
  } finally {
    await database.close();
  }
}

/** Null: no server listens on the control socket. Rejects with a CommandError. */
async function askServer(
  settings: Settings,
  command: string,
  request: unknown,
): Promise<string | null> {
  const address = controlAddress(settings);
  const socket = address === null ? null : await connectTo(address);
  if (!socket) return null;
  sendMessage(socket, { version: packageVersion, command, request });
  let answer: ControlAnswer;
  try {
    answer = await readMessage<ControlAnswer>(socket);
  } catch (error) {
    throw new CommandError(
      'The server ended before it answered. Look whether the command was carried out, and repeat it if not.',
      { cause: error },
    );
  }
  if ('refused' in answer) throw new CommandError(answer.refused);
  return answer.printed;
}

async function connectTo(address: string): Promise<Socket | null> {
  const socket = connect({ path: address, allowHalfOpen: true });
  try {
    await once(socket, 'connect');
    return socket;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // No server has run here, or one that died left its file.
    if (code === 'ENOENT' || code === 'ECONNREFUSED') return null;
    throw new CommandError(
      code === 'EACCES'
        ? `This user may not open ${address}: run the command as the user of the server.`
        : `The server cannot be asked through ${address}: ${message}`,
      { cause: error },
    );
  }
}
