import { Type } from '@sinclair/typebox';
import { closed, Nullable, OneOf, type Shape } from './schema.ts';

/** Why a call was offered to this agent: a code with its parameters. Texts are made where they are read. */
export const OfferReason = closed({
  code: OneOf(
    'longest-idle',
    'best-level',
    'last-agent',
    'only-one-free',
    'after-refusals',
    'ring',
    'transfer',
  ),
  params: closed({
    /** The group's name. */
    group: Nullable(Type.String()),
    /** Seconds since the agent became free. */
    idleSeconds: Nullable(Type.Integer()),
  }),
});
export type OfferReason = Shape<typeof OfferReason>;
