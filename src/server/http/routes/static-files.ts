import { existsSync } from 'node:fs';
import fastifyStatic, { type FastifyStaticOptions } from '@fastify/static';
import { packageVersion } from '../../command-line/package-folder.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';

const IMMUTABLE = 'public, max-age=31536000, immutable';

/**
 * The built scripts, for pages of any site. A browser asks for the entries again each time, which an ETag makes cheap.
 * Files with a hash or a version in their address never change.
 */
export async function staticRoutes(
  app: HttpApp,
  { browserFolder, logger }: HttpContext,
): Promise<void> {
  if (!existsSync(browserFolder)) {
    logger.warn({ browserFolder }, 'no built scripts here: run npm run build');
    return;
  }
  await app.register(
    fastifyStatic,
    options(browserFolder, '/', (path) => (/[\\/]chunks[\\/]/.test(path) ? IMMUTABLE : 'no-cache')),
  );
  await app.register(
    fastifyStatic,
    options(browserFolder, `/v/${packageVersion}/`, () => IMMUTABLE),
  );
}

function options(
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
    // Not .html: the desk's page has a policy of its own and a route of its own.
    allowedPath: (path) => /\.(js|css|json|svg|png|webp|mp3|ogg|wav|woff2|wasm|tflite)$/.test(path),
    setHeaders: (response, path) => {
      void response.setHeader('access-control-allow-origin', '*');
      void response.setHeader('cross-origin-resource-policy', 'cross-origin');
      void response.setHeader('cache-control', cacheControl(path));
      void response.setHeader('vary', 'Accept-Encoding');
    },
  };
}
