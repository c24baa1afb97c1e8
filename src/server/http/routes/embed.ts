import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Type } from '@sinclair/typebox';
import { RtcDeskError } from '../../../protocol/errors.ts';
import { closed } from '../../../protocol/schema.ts';
import { packageVersion } from '../../command-line/package-folder.ts';
import { errorReplies } from '../errors.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';
import { readOnce } from '../read-once.ts';
import { PINNED_COPY } from './static-files.ts';

const Embed = closed({
  version: Type.String(),
  script: Type.String({
    description: 'The address to paste. It always serves the newest version.',
  }),
  pinned: Type.String({ description: 'The address of exactly this version.' }),
  integrity: Type.String({ description: 'The value of `integrity` for the pinned address.' }),
});

/** What a site owner needs to paste the script, or to pin it. */
export async function embedRoutes(app: HttpApp, context: HttpContext): Promise<void> {
  const { settings, browserFolder } = context;
  const integrity = readOnce(() => readIntegrity(join(browserFolder, PINNED_COPY)));
  const schema = {
    tags: ['embedding'],
    summary: 'Addresses of the script, and the hash to pin it by',
    response: { 200: Embed, ...errorReplies },
  };
  app.get('/embed', { schema }, async (request) => {
    const server = settings.publicUrl ?? `${request.protocol}://${request.host}`;
    return {
      version: packageVersion,
      script: `${server}/rtc-desk.js`,
      pinned: `${server}/v/${packageVersion}/rtc-desk.js`,
      integrity: await integrity(),
    };
  });
}

async function readIntegrity(file: string): Promise<string> {
  try {
    const digest = createHash('sha384').update(await readFile(file));
    return `sha384-${digest.digest('base64')}`;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new RtcDeskError('not-found', 'The script has not been built: npm run build.', {
      cause: error,
    });
  }
}
