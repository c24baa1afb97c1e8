import { Type } from '@sinclair/typebox';
import { closed, type Shape } from '../../protocol/schema.ts';

/** An Ed25519 key as a JWK. */
export const PublicKey = closed({
  kty: Type.String(),
  crv: Type.String(),
  x: Type.String(),
  alg: Type.String(),
  use: Type.String(),
});
export type PublicKey = Shape<typeof PublicKey>;
