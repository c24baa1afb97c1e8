import cors from '@fastify/cors';
import type { Queryable } from '../database/database.ts';
import { isOriginOfAnySite } from '../sites/site-origins.ts';
import type { HttpApp } from './http-context.ts';

/** Lets pages of the sites' own and CRM origins read the answers. No credentials are allowed: the desk's cookie is for this server's own pages. */
export async function crossOrigin(app: HttpApp, database: Queryable): Promise<void> {
  await app.register(cors, {
    origin: async (origin: string | undefined) =>
      origin !== undefined && (await isOriginOfAnySite(database, origin)),
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: [
      'Authorization',
      'Content-Type',
      'Idempotency-Key',
      'If-Match',
      'Slice-Chain',
      'Upload-Offset',
    ],
    exposedHeaders: ['ETag', 'Retry-After', 'Slice-Chain', 'Upload-Offset'],
    maxAge: 600,
    hideOptionsRoute: true,
  });
}
