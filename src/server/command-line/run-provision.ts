import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { openDatabase } from '../database/open-database.ts';
import { makeLogger } from '../settings/logger.ts';
import { provision, type ProvisionedSite } from '../sites/provision.ts';
import { ProvisionError, readProvisionFile, type ProvisionFile } from '../sites/provision-file.ts';
import type { Settings } from '../settings/settings.ts';
import { readSigningKey } from '../settings/signing-key.ts';

/** Writes what the file says, and prints what a site owner needs next. Rejects with a ProvisionError. */
export async function runProvision(settings: Settings, file: string): Promise<void> {
  const wanted = await read(file);
  const trtcSite = wanted.sites.findIndex(({ media }) => media === 'trtc');
  if (trtcSite >= 0 && !settings.trtc) {
    throw new ProvisionError(
      `${file}: sites[${trtcSite}].media is "trtc": set TRTC_SDK_APP_ID and TRTC_SECRET_KEY, here and for the server.`,
    );
  }
  const database = await openDatabase({
    databaseUrl: settings.databaseUrl ?? undefined,
    dataDir: settings.dataDir,
    nodeId: randomUUID(),
    logger: makeLogger(settings.logLevel),
  });
  try {
    const key = await readSigningKey(database, settings);
    const sites = await provision(database, key, wanted);
    const server = settings.publicUrl ?? `http://localhost:${settings.port}`;
    for (const site of sites) process.stdout.write(nextSteps(site, server));
  } finally {
    await database.close();
  }
}

async function read(file: string): Promise<ProvisionFile> {
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
