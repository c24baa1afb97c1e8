#!/usr/bin/env node
import { readCommandLine, USAGE, type CommandLine } from './command-line/command-line.ts';
import { explainError } from './command-line/explain-error.ts';
import { packageVersion } from './command-line/package-folder.ts';
import { readSettings } from './settings/read-settings.ts';

try {
  await run(readCommandLine(process.argv.slice(2)));
} catch (error) {
  // Only an unexpected error has a stack.
  const text = explainError(error) ?? (error instanceof Error ? error.stack : String(error));
  process.stderr.write(`rtc-desk: ${text}\n`);
  process.exit(1);
}

async function run(line: CommandLine): Promise<void> {
  switch (line.ask) {
    case 'help':
      process.stdout.write(USAGE);
      return;
    case 'version':
      process.stdout.write(`${packageVersion}\n`);
      return;
    case 'run': {
      const { command, flags, parameters, options } = line;
      const input = { parameters, options, settings: readSettings(process.env, flags) };
      if (command.runsIn === 'this-process') return command.run(input);
      const { runDatabaseCommand } = await import('./command-line/run-database-command.ts');
      return runDatabaseCommand(command, input);
    }
  }
}
