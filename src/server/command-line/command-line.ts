import { parseArgs } from 'node:util';
import type { Flags } from '../settings/read-settings.ts';
import { SETTING_NAMES } from '../settings/settings.ts';

export type CommandLine =
  | { readonly command: 'serve'; readonly flags: Flags }
  | { readonly command: 'provision'; readonly flags: Flags; readonly file: string }
  | { readonly command: 'help' }
  | { readonly command: 'version' };

/** A wrong command line. The message says why. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const USAGE = `rtc-desk: video help for any site

  rtc-desk serve [--port N] [--host H] [--data-dir D] [--demo]
      Starts the server. --demo adds the demo's pages and data.

  rtc-desk provision FILE.json [--data-dir D]
      Writes the sites, skill groups and agents of the file. Doing it again changes nothing.
      Prints each site's JWT secret and the line to paste.

  rtc-desk --help | --version

Settings come from the environment. A flag goes before its variable.
${wrap(SETTING_NAMES)}
`;

/** Throws a UsageError. */
export function readCommandLine(args: readonly string[]): CommandLine {
  const { values, positionals } = parse(args);
  if (values.help) return { command: 'help' };
  if (values.version) return { command: 'version' };
  const [command, file, ...rest] = positionals;
  const { port, host, demo, 'data-dir': dataDir } = values;
  const flags = { port, host, dataDir, demo };
  if (command === 'serve' && file === undefined) return { command, flags };
  if (command === 'provision' && file !== undefined && rest.length === 0) {
    return { command, flags, file };
  }
  if (command === 'provision') throw new UsageError('provision takes one file.');
  throw new UsageError(
    command === undefined
      ? 'A command is missing.'
      : `There is no command "${positionals.join(' ')}".`,
  );
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        'data-dir': { type: 'string' },
        demo: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean', short: 'v' },
      },
    });
  } catch (error) {
    // The rest of Node's message explains options that no command here has.
    const [what = ''] = (error as Error).message.split('. ');
    throw new UsageError(`${what}.`, { cause: error });
  }
}

/** A list in lines of at most 90 characters. */
function wrap(names: readonly string[]): string {
  const lines = [''];
  for (const name of names) {
    const line = lines.at(-1) ?? '';
    if (line.length + name.length > 86) lines.push(name);
    else lines[lines.length - 1] = line === '' ? name : `${line} ${name}`;
  }
  return lines.map((line) => `  ${line}`).join('\n');
}
