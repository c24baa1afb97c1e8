import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';
import type { SiteOrigins } from '../sites/site-origins.ts';

/** Lets pages of the sites' origins and CRMs read the answers. There are no cookies, so none are allowed. */
export async function crossOrigin(app: FastifyInstance, origins: SiteOrigins): Promise<void> {
  await app.register(cors, {
    origin: async (origin: string | undefined) =>
      origin !== undefined && (await origins.has(origin)),
    methods: ['GET', 'POST', 'DELETE'],
    allowedHeaders: ['Authorization', 'Content-Type'],
    exposedHeaders: ['Retry-After'],
    maxAge: 600,
    hideOptionsRoute: true,
  });
}
