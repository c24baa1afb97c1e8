import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import type { CommandContext } from './command.ts';
import {
  readMessage,
  sendMessage,
  type ControlAnswer,
  type ControlRequest,
} from './control-messages.ts';
import { databaseCommands } from './database-commands.ts';
import { explainError } from './explain-error.ts';
import { packageVersion } from './package-folder.ts';

/** Permissions that the socket file does not get: only its owner may connect. */
const UMASK = 0o177;
/** A peer that sends nothing for so long is cut. */
const IDLE_MS = 10_000;

/**
 * The local socket through which `rtc-desk` commands reach this process while it holds the embedded database. Everybody
 * who can open the socket file can run every command, so only its owner can.
 */
export class ControlSocket {
  readonly #server: Server;
  readonly #running = new Set<Promise<void>>();

  private constructor(private readonly context: CommandContext) {
    // The peer ends its side after the request, and still waits for the answer.
    this.#server = createServer({ allowHalfOpen: true }, (socket) => this.#accept(socket));
  }

  /** `address` is from `controlAddress`. Call it after the data directory was locked. */
  static async open(address: string, context: CommandContext): Promise<ControlSocket> {
    const control = new ControlSocket(context);
    // This process has the directory for itself, so a file that is there was left by a dead process.
    await rm(address, { force: true });
    await control.#listen(address);
    return control;
  }

  /** Accepts no more commands, and waits for those that run. */
  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    await Promise.all(this.#running);
    await closed;
  }

  async #listen(address: string): Promise<void> {
    const listening = once(this.#server, 'listening');
    // `listen` makes the file before it returns. So the file never exists with wider permissions.
    const before = process.umask(UMASK);
    try {
      this.#server.listen(address);
    } finally {
      process.umask(before);
    }
    await listening;
  }

  #accept(socket: Socket): void {
    socket.on('error', (error) => {
      this.context.logger.debug({ err: error }, 'a control connection broke');
    });
    socket.setTimeout(IDLE_MS, () => socket.destroy());
    const running = this.#serve(socket).finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  async #serve(socket: Socket): Promise<void> {
    let message: ControlRequest;
    try {
      message = await readMessage<ControlRequest>(socket);
    } catch (error) {
      this.context.logger.warn({ err: error }, 'a control connection brought no command');
      socket.destroy();
      return;
    }
    // A command may take long.
    socket.setTimeout(0);
    sendMessage(socket, await this.#run(message));
  }

  async #run({ version, command: name, request }: ControlRequest): Promise<ControlAnswer> {
    if (version !== packageVersion) {
      return {
        refused: `The running server is rtc-desk ${packageVersion}, and this command is another version. Use the same one, or stop the server.`,
      };
    }
    const command = databaseCommands.find((one) => one.name === name);
    if (!command) return { refused: 'The running server does not know this command.' };
    try {
      const printed = await command.run(this.context, request);
      this.context.logger.info({ command: name }, 'a command was carried out');
      return { printed };
    } catch (error) {
      const refused = explainError(error);
      if (refused !== null) return { refused };
      this.context.logger.error({ err: error, command: name }, 'a command failed');
      return { refused: `The server could not carry out ${name}. Its log says why.` };
    }
  }
}
