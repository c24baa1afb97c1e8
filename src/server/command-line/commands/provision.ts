import { readFile } from 'node:fs/promises';
import { provision, type ProvisionedSite } from '../../sites/provision.ts';
import { ProvisionError, ProvisionFile, readProvisionFile } from '../../sites/provision-file.ts';
import { databaseCommand } from '../command.ts';

/** Writes what the file says, and prints what a site owner needs next. Rejects with a ProvisionError. */
export const provisionCommand = databaseCommand({
  name: 'provision',
  parameters: ['FILE.json'],
  help: [
    'Writes the sites, skill groups and agents of the file. Doing it again changes nothing.',
    "Prints each site's JWT secret and the line to paste.",
  ],
  request: ProvisionFile,
  read: ({ parameters: [file = ''] }) => readFileAt(file),
  run: async ({ database, key, settings }, file) => {
    const trtcSite = file.sites.findIndex(({ media }) => media === 'trtc');
    if (trtcSite >= 0 && !settings.trtc) {
      throw new ProvisionError(
        `sites[${trtcSite}].media is "trtc": set TRTC_SDK_APP_ID and TRTC_SECRET_KEY, here and for the server.`,
      );
    }
    const sites = await provision(database, key, file);
    const server = settings.publicUrl ?? `http://localhost:${settings.port}`;
    return sites.map((site) => nextSteps(site, server)).join('');
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
