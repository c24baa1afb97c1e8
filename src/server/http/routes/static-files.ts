import { existsSync } from 'node:fs';
import fastifyStatic, { type FastifyStaticOptions } from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { packageVersion } from '../../command-line/package-folder.ts';
import type { HttpContext } from '../http-context.ts';

const FOREVER = 'public, max-age=31536000, immutable';

/**
 * The built scripts, for any page of any site. Entries are asked for again each time (an ETag makes
 * that cheap); what has a hash or a version in its address never changes.
 */
export async function staticRoutes(
  app: FastifyInstance,
  { browserFolder, logger }: HttpContext,
): Promise<void> {
  if (!existsSync(browserFolder)) {
    logger.warn({ browserFolder }, 'no built scripts here: run npm run build');
    return;
  }
  await app.register(
    fastifyStatic,
    serve(browserFolder, '/', (path) => (/[\\/]chunks[\\/]/.test(path) ? FOREVER : 'no-cache')),
  );
  await app.register(
    fastifyStatic,
    serve(browserFolder, `/v/${packageVersion}/`, () => FOREVER),
  );
}

function serve(
  root: string,
  prefix: string,
  cacheControl: (path: string) => string,
): FastifyStaticOptions {
  return {
    root,
    prefix,
    decorateReply: false,
    index: false,
    dotfiles: 'ignore',
    preCompressed: true,
    cacheControl: false,
    // The desk's page has a policy of its own and is served by its own route, and only there.
    allowedPath: (path) => /\.(js|css|json|svg|png|webp|mp3|ogg|wav|woff2|wasm|tflite)$/.test(path),
    setHeaders: (response, path) => {
      void response.setHeader('access-control-allow-origin', '*');
      void response.setHeader('cross-origin-resource-policy', 'cross-origin');
      void response.setHeader('cache-control', cacheControl(path));
      void response.setHeader('vary', 'Accept-Encoding');
    },
  };
}
