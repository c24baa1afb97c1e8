import { parseArgs } from 'node:util';
import type { Flags } from '../settings/settings.ts';

export type CommandLine =
  | { readonly command: 'serve'; readonly flags: Flags }
  | { readonly command: 'provision'; readonly flags: Flags; readonly file: string }
  | { readonly command: 'help' }
  | { readonly command: 'version' };

/** A command line that means nothing; the message says why. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const USAGE = `rtc-desk: video help for any site

  rtc-desk serve [--port N] [--host H] [--data-dir D] [--demo]
      Starts the server. --demo adds the demo's pages and data.

  rtc-desk provision FILE.json [--data-dir D]
      Writes the sites, skill groups and agents of the file; doing it again changes nothing.
      Prints each site's JWT secret and the line to paste.

  rtc-desk --help | --version

Settings come from the environment too; flags go first:
  PORT, HOST, DATA_DIR, DATABASE_URL, RTC_DESK_SECRET, PUBLIC_URL, TRUST_PROXY, MAX_SOCKETS,
  MAX_SOCKETS_PER_ADDRESS, METRICS_TOKEN, TURN_URLS, TURN_SECRET,
  TRTC_SDK_APP_ID, TRTC_SECRET_KEY, TRTC_CALLBACK_KEY, TENCENTCLOUD_SECRET_ID,
  TENCENTCLOUD_SECRET_KEY, TENCENTCLOUD_REGION, TIM_API_HOST, LOG_LEVEL
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
    // Node goes on to explain what no command here knows.
    const [what = ''] = (error as Error).message.split('. ');
    throw new UsageError(`${what}.`, { cause: error });
  }
}
