import { parseArgs } from 'node:util';
import type { Flags } from '../settings/read-settings.ts';
import { SETTING_NAMES } from '../settings/settings.ts';
import { UsageError, type Command, type CommandInput } from './command.ts';
import { commands } from './commands.ts';

export type CommandLine =
  | { readonly ask: 'help' }
  | { readonly ask: 'version' }
  | ({ readonly ask: 'run'; readonly command: Command; readonly flags: Flags } & Omit<
      CommandInput,
      'settings'
    >);

/** The options of every command. They go before the environment. */
const COMMON_OPTIONS = {
  port: { type: 'string' },
  host: { type: 'string' },
  'data-dir': { type: 'string' },
  demo: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const;

export const USAGE = `rtc-desk: video help for any site

${commands.map(usageOf).join('\n')}
  rtc-desk --help | --version

Every command takes --data-dir D and --demo, which choose the data. Beside a running server with the
embedded database, that server carries the command out.

Settings come from the environment. A flag goes before its variable.
${wrap(SETTING_NAMES)}
`;

/** Throws a UsageError. */
export function readCommandLine(args: readonly string[]): CommandLine {
  const { values, positionals } = parse(args);
  if (values['help']) return { ask: 'help' };
  if (values['version']) return { ask: 'version' };
  const [name, ...parameters] = positionals;
  if (name === undefined) throw new UsageError('A command is missing.');
  const command = commands.find((one) => one.name === name);
  if (!command) throw new UsageError(`There is no command "${name}".`);
  if (parameters.length !== command.parameters.length) {
    const wanted = command.parameters.join(' ') || 'nothing';
    throw new UsageError(`${name} takes ${wanted}.`);
  }
  const { port, host, demo, 'data-dir': dataDir, ...options } = values;
  const foreign = Object.keys(options).find((option) => !(option in (command.options ?? {})));
  if (foreign !== undefined) throw new UsageError(`${name} takes no --${foreign}.`);
  const flags = { port, host, demo, dataDir } as Flags;
  return { ask: 'run', command, flags, parameters, options };
}

function parse(args: readonly string[]) {
  const ofCommands = Object.assign({}, ...commands.map(({ options }) => options ?? {})) as object;
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { ...ofCommands, ...COMMON_OPTIONS },
    });
    return { values: values as CommandInput['options'], positionals };
  } catch (error) {
    // The rest of Node's message explains options that no command here has.
    const [what = ''] = (error as Error).message.split('. ');
    throw new UsageError(`${what}.`, { cause: error });
  }
}

function usageOf({ name, parameters, optionsUsage, help }: Command): string {
  const line = ['rtc-desk', name, ...parameters, ...(optionsUsage ? [optionsUsage] : [])].join(' ');
  return `  ${line}\n${help.map((text) => `      ${text}\n`).join('')}`;
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
