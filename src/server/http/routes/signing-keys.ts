import { Type } from '@sinclair/typebox';
import { calculateJwkThumbprint } from 'jose';
import { closed, type Shape } from '../../../protocol/schema.ts';
import { ed25519PublicKey } from '../../identity/ed25519-key.ts';
import { errorReplies } from '../errors.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';
import { PublicKey } from '../public-key.ts';

const KeySet = closed({
  keys: Type.Array(
    closed({
      ...PublicKey.properties,
      kid: Type.String({ description: 'The thumbprint of the key (RFC 7638).' }),
    }),
  ),
});

/** For everybody who verifies what this server has signed, also when the server is gone. */
export async function signingKeyRoutes(app: HttpApp, { key }: HttpContext): Promise<void> {
  app.get(
    '/signing-keys',
    {
      schema: {
        tags: ['case files'],
        summary:
          'The public keys of the server as a JWK set: of recordings and case files, and of erasures. ' +
          '`rtc-desk verify-case` takes it',
        response: { 200: KeySet, ...errorReplies },
      },
    },
    async (_request, reply) => {
      const keys = ['recording-manifest', 'erasure-certificate'] as const;
      void reply.header('content-disposition', 'inline; filename="signing-keys.json"');
      return {
        keys: await Promise.all(
          keys.map(async (purpose) => {
            const jwk = await ed25519PublicKey(key, purpose);
            return { ...jwk, kid: await calculateJwkThumbprint(jwk) };
          }),
        ),
      } as Shape<typeof KeySet>;
    },
  );
}
