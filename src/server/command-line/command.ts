import type { ParseArgsConfig } from 'node:util';
import type { TSchema } from '@sinclair/typebox';
import { Ajv } from 'ajv';
import type { Logger } from 'pino';
import type { Shape } from '../../protocol/schema.ts';
import type { Database } from '../database/database.ts';
import type { Settings } from '../settings/settings.ts';

/** A wrong command line. The message says why. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A command that is refused or has failed. The message is for the person who typed it. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

/** What was typed after the command's name. */
export interface CommandInput {
  /** As many as the command has `parameters`. */
  readonly parameters: readonly string[];
  /** The values of the command's own `options`. */
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  readonly settings: Settings;
}

/** What a command sees of the process that has the database open. */
export interface CommandContext {
  readonly database: Database;
  /** The server's signing key. */
  readonly key: Uint8Array;
  readonly settings: Settings;
  readonly logger: Logger;
}

interface CommandDescription {
  readonly name: string;
  /** The names of the parameters in the help, for example `FILE.json`. All of them must be given. */
  readonly parameters: readonly string[];
  /** The options that only this command takes, and how the help shows them, for example `[--dry-run]`. */
  readonly options?: NonNullable<ParseArgsConfig['options']>;
  readonly optionsUsage?: string;
  /** Lines of at most 90 characters for the help. */
  readonly help: readonly string[];
}

/** A command that runs in the process that the person started. */
export interface LocalCommand extends CommandDescription {
  readonly runsIn: 'this-process';
  run(input: CommandInput): Promise<void>;
}

/**
 * A command that needs the database. Beside a server with the embedded database, the server's process runs it; else
 * this process opens the database.
 */
export interface DatabaseCommand extends CommandDescription {
  readonly runsIn: 'database-process';
  /** Makes the request, which must be JSON. It runs where the command is typed, so that relative paths are right. */
  read(input: CommandInput): Promise<unknown>;
  /** Carries the request out. Resolves to what is printed. */
  run(context: CommandContext, request: unknown): Promise<string>;
}

export type Command = LocalCommand | DatabaseCommand;

interface DatabaseCommandDefinition<S extends TSchema> extends CommandDescription {
  readonly request: S;
  read(input: CommandInput): Promise<Shape<S>>;
  run(context: CommandContext, request: Shape<S>): Promise<string>;
}

/** A database command whose request is checked against its schema before it runs. */
export function databaseCommand<S extends TSchema>(
  definition: DatabaseCommandDefinition<S>,
): DatabaseCommand {
  const { name, request: schema } = definition;
  return {
    ...definition,
    runsIn: 'database-process',
    run: async (context, request) => {
      const ajv = new Ajv({ allowUnionTypes: true });
      if (!ajv.validate(schema, request)) {
        throw new CommandError(`The request of ${name} is wrong: ${ajv.errorsText()}.`);
      }
      return definition.run(context, request as Shape<S>);
    },
  };
}
