/** The case file of a call: one ZIP with everything that is kept of it. */
import { Type } from '@sinclair/typebox';
import { closed, described, Nullable, type Shape, Slug, Uuid } from '../schema.ts';

/** The manifest, and its signature: a JWS (EdDSA) whose payload is the manifest. */
export const CASE_MANIFEST = 'manifest.json';
export const CASE_SIGNATURE = 'manifest.json.jws';

/** `manifest.json` in a case file. */
export const CaseManifest = closed({
  /** Raised when an older `verify-case` could not check it. */
  format: Type.Literal(1),
  site: Slug,
  call: Uuid,
  madeAt: Type.Number({ description: 'Ms since 1970.' }),
  madeBy: Type.String({ description: 'For example `owner olivia`.' }),
  recording: described(
    Nullable(Type.String()),
    'The state of the recording; null: the call was not to be recorded.',
  ),
  files: Type.Array(
    closed({
      name: Type.String(),
      bytes: Type.Integer({ minimum: 0 }),
      sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
    }),
    { description: 'All files of the ZIP but the manifest and its signature.' },
  ),
});
export type CaseManifest = Shape<typeof CaseManifest>;
