import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';
import type { HttpContext } from './http-context.ts';

/** The headers of every answer. Pages set a content security policy of their own over this one. */
export async function securityHeaders(
  app: FastifyInstance,
  { settings }: HttpContext,
): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] },
    },
    // The desk stands in frames of CRMs, and opens in a popup of theirs: its policy's frame-ancestors decides.
    xFrameOptions: false,
    crossOriginOpenerPolicy: false,
    strictTransportSecurity: settings.publicUrl?.startsWith('https:')
      ? { maxAge: 180 * 24 * 60 * 60, includeSubDomains: false }
      : false,
    referrerPolicy: { policy: 'same-origin' },
  });
}
