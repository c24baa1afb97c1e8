import type { LocalCommand } from '../command.ts';

/** Starts the server. It is loaded after the settings are checked, so that a wrong setting is reported at once. */
export const serveCommand: LocalCommand = {
  runsIn: 'this-process',
  name: 'serve',
  parameters: [],
  optionsUsage: '[--port N] [--host H] [--data-dir D] [--demo]',
  help: ["Starts the server. --demo adds the demo's pages and data."],
  run: async ({ settings }) => {
    const { runServe } = await import('../run-serve.ts');
    return runServe(settings);
  },
};
