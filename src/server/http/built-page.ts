import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RtcDeskError } from '../../protocol/errors.ts';
import type { HttpContext } from './http-context.ts';
import { readOnce } from './read-once.ts';

/** A function that reads a page of the build once. It rejects with `not-found` if there is no build. */
export function builtPage(
  { browserFolder }: Pick<HttpContext, 'browserFolder'>,
  name: string,
): () => Promise<Buffer> {
  return readOnce(async () => {
    try {
      return await readFile(join(browserFolder, name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      throw new RtcDeskError('not-found', `${name} has not been built: npm run build.`, {
        cause: error,
      });
    }
  });
}
