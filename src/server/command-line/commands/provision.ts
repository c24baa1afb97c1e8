import { readFile } from 'node:fs/promises';
import { Type } from '@sinclair/typebox';
import { closed } from '../../../protocol/schema.ts';
import { logAudit } from '../../audit/log-audit.ts';
import { provision, type ProvisionedSite } from '../../sites/provision.ts';
import { ProvisionError, ProvisionFile, readProvisionFile } from '../../sites/provision-file.ts';
import { databaseCommand } from '../command.ts';
import { operatorName } from '../operator-name.ts';

/** Writes what the file says, and prints what a site owner needs next. Rejects with a ProvisionError. */
export const provisionCommand = databaseCommand({
  name: 'provision',
  parameters: ['FILE.json'],
  help: [
    'Writes the sites, skill groups and agents of the file. Doing it again changes nothing.',
    'Agents whom the file does not name any more are disabled.',
    '--close-missing-sites also closes the sites that it does not name.',
    "Prints each site's JWT secret and the line to paste.",
  ],
  options: { 'close-missing-sites': { type: 'boolean' } },
  optionsUsage: '[--close-missing-sites]',
  request: closed({
    file: ProvisionFile,
    closeMissingSites: Type.Boolean(),
    operator: Type.String(),
  }),
  read: async ({ parameters: [file = ''], options }) => ({
    file: await readFileAt(file),
    closeMissingSites: options['close-missing-sites'] === true,
    operator: operatorName(),
  }),
  run: async ({ database, key, settings, logger }, { file, closeMissingSites, operator }) => {
    const trtcSite = file.sites.findIndex(({ media }) => media === 'trtc');
    if (trtcSite >= 0 && !settings.trtc) {
      throw new ProvisionError(
        `sites[${trtcSite}].media is "trtc": set TRTC_SDK_APP_ID and TRTC_SECRET_KEY, here and for the server.`,
      );
    }
    const actor = { kind: 'operator', name: operator } as const;
    const done = await provision(database, key, file, { actor, closeMissingSites });
    logAudit(logger, ...done.receipts);
    const server = settings.publicUrl ?? `http://localhost:${settings.port}`;
    const printed = done.sites.map((site) => nextSteps(site, server));
    if (done.closed.length > 0)
      printed.push(`\nClosed, because the file does not name them: ${done.closed.join(', ')}\n`);
    if (done.others.length > 0) {
      printed.push(
        `\nNot in the file, and left as they are: ${done.others.join(', ')}\n  --close-missing-sites closes them.\n`,
      );
    }
    return printed.join('');
  },
});

async function readFileAt(file: string): Promise<ProvisionFile> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new ProvisionError(`${file} cannot be read: ${(error as Error).message}`, {
      cause: error,
    });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ProvisionError(`${file} is not JSON: ${(error as Error).message}`, { cause: error });
  }
  try {
    return readProvisionFile(value);
  } catch (error) {
    if (!(error instanceof ProvisionError)) throw error;
    throw new ProvisionError(`${file}: ${error.message}`, { cause: error });
  }
}

function nextSteps({ id, name, secret }: ProvisionedSite, server: string): string {
  return `
${name} (${id})
  JWT secret, for its backend only:
    ${secret}
  The line to paste:
    <script type="module" src="${server}/rtc-desk.js" data-site="${id}"></script>
`;
}
