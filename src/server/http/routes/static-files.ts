import { existsSync } from 'node:fs';
import { packageVersion } from '../../command-line/package-folder.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';
import { readMemoryFiles, sendMemoryFile, type MemoryFile } from '../memory-files.ts';

/** What is served at `/v/<version>/rtc-desk.js`: the same script, which also checks its chunks. */
export const PINNED_COPY = 'rtc-desk.pinned.js';

const IMMUTABLE = 'public, max-age=31536000, immutable';

/**
 * The built scripts, for pages of any site. A browser asks for the entries again each time, which an ETag makes cheap.
 * Files with a hash or a version in their address never change. They are read at the start: a new build is served
 * after the next start.
 */
export async function staticRoutes(
  app: HttpApp,
  { browserFolder, logger }: HttpContext,
): Promise<void> {
  if (!existsSync(browserFolder)) {
    logger.warn({ browserFolder }, 'no built scripts here: run npm run build');
    return;
  }
  for (const [path, file] of await readMemoryFiles(browserFolder)) {
    if (path === PINNED_COPY) {
      serve(app, `/v/${packageVersion}/rtc-desk.js`, file, IMMUTABLE);
      continue;
    }
    serve(app, `/${path}`, file, path.startsWith('chunks/') ? IMMUTABLE : 'no-cache');
    if (path !== 'rtc-desk.js') serve(app, `/v/${packageVersion}/${path}`, file, IMMUTABLE);
  }
}

function serve(app: HttpApp, address: string, file: MemoryFile, cacheControl: string): void {
  app.get(address, (request, reply) => {
    void reply.headers({
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'cache-control': cacheControl,
    });
    return sendMemoryFile(file, request, reply);
  });
}
