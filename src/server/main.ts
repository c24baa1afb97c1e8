#!/usr/bin/env node
import {
  readCommandLine,
  USAGE,
  UsageError,
  type CommandLine,
} from './command-line/command-line.ts';
import { packageVersion } from './command-line/package-folder.ts';
import { SchemaError } from './database/apply-schema.ts';
import { DataDirectoryError } from './database/data-directory.ts';
import { DataDirectoryLocked } from './database/data-directory-lock.ts';
import { DatabaseUnavailable } from './database/database-unavailable.ts';
import { readSettings } from './settings/read-settings.ts';
import { SettingsError, type Settings } from './settings/settings.ts';
import { ProvisionError } from './sites/provision-file.ts';

try {
  await run(readCommandLine(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`rtc-desk: ${explain(error)}\n`);
  process.exit(1);
}

async function run(line: CommandLine): Promise<void> {
  switch (line.command) {
    case 'help':
      process.stdout.write(USAGE);
      return;
    case 'version':
      process.stdout.write(`${packageVersion}\n`);
      return;
    case 'serve':
      return serve(readSettings(process.env, line.flags));
    case 'provision':
      return provision(readSettings(process.env, line.flags), line.file);
  }
}

// The server is loaded after the settings are checked, so that a wrong setting is reported at once.
async function serve(settings: Settings): Promise<void> {
  const { runServe } = await import('./command-line/run-serve.ts');
  return runServe(settings);
}

async function provision(settings: Settings, file: string): Promise<void> {
  const { runProvision } = await import('./command-line/run-provision.ts');
  return runProvision(settings, file);
}

/** One line for whoever started the command. Only an unexpected error has a stack. */
function explain(error: unknown): string {
  if (error instanceof UsageError) return `${error.message} See rtc-desk --help.`;
  const expected = [
    SettingsError,
    ProvisionError,
    DataDirectoryLocked,
    DataDirectoryError,
    SchemaError,
  ];
  if (expected.some((kind) => error instanceof kind)) return (error as Error).message;
  if (error instanceof DatabaseUnavailable) return explain(error.cause);
  const { code, message, port, address } = error as NodeJS.ErrnoException & {
    port?: number;
    address?: string;
  };
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} is in use: stop the program that listens there, or choose another with PORT or --port.`;
    case 'EACCES':
      return port === undefined
        ? message
        : `This user may not use port ${port}: choose one above 1024 with PORT or --port.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `Cannot reach or listen on ${address ?? 'that address'}: check HOST and DATABASE_URL. (${message})`;
    case 'ECONNREFUSED':
      return `The database of DATABASE_URL does not answer. (${message})`;
    case '28P01':
    case '28000':
    case '3D000':
      return `The database of DATABASE_URL refuses: ${message}`;
  }
  return error instanceof Error ? (error.stack ?? message) : String(error);
}
