import helmet from '@fastify/helmet';
import type { HttpApp, HttpContext } from './http-context.ts';

const HSTS_SECONDS = 180 * 24 * 60 * 60;

/** The security headers of every answer. Pages replace the content security policy by their own. */
export async function securityHeaders(app: HttpApp, { settings }: HttpContext): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] },
    },
    // The desk stands in frames and popups of CRMs. Its policy's frame-ancestors decides which.
    xFrameOptions: false,
    crossOriginOpenerPolicy: false,
    strictTransportSecurity: settings.publicUrl?.startsWith('https:')
      ? { maxAge: HSTS_SECONDS, includeSubDomains: false }
      : false,
    referrerPolicy: { policy: 'same-origin' },
  });
}
