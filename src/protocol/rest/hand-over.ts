/** What a device that has the code of a hand-over is told before it takes the call. */
import { Type } from '@sinclair/typebox';
import { closed, type Shape } from '../schema.ts';

export const HandOver = closed({
  site: Type.String({ description: 'The id of the site.' }),
  siteName: Type.String(),
  expiresAt: Type.Number({ description: 'Until when the code counts, in ms since 1970.' }),
});
export type HandOver = Shape<typeof HandOver>;
