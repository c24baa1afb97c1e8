/** Links by which somebody without an account gets a recording or a case file, for a time. */
import { Type } from '@sinclair/typebox';
import { RecordingFile } from './recordings.ts';
import { closed, described, Nullable, OneOf, type Shape, Uuid } from '../schema.ts';

const Time = Type.Number({ description: 'Ms since 1970.' });
const MINUTE_SECONDS = 60;
const DAY_SECONDS = 86_400;

const Shared = OneOf('recording', 'case-file');

export const NewSharedLink = closed({
  expiresInSeconds: Type.Integer({ minimum: MINUTE_SECONDS, maximum: 30 * DAY_SECONDS }),
});
export type NewSharedLink = Shape<typeof NewSharedLink>;

/** A link as it is kept: without its code. */
export const SharedLink = closed({
  id: Uuid,
  what: Shared,
  recording: Nullable(Uuid),
  madeBy: Type.String({ description: 'For example `owner olivia`.' }),
  madeAt: Time,
  expiresAt: Time,
});
export type SharedLink = Shape<typeof SharedLink>;

export const SharedLinkList = closed({ links: Type.Array(SharedLink) });
export type SharedLinkList = Shape<typeof SharedLinkList>;

export const MadeSharedLink = closed({
  ...SharedLink.properties,
  url: Type.String({
    description: 'It is shown here and nowhere else. Whoever has it needs no account.',
  }),
});
export type MadeSharedLink = Shape<typeof MadeSharedLink>;

/** What the page `/shared` shows of a link. */
export const SharedThing = closed({
  what: Shared,
  siteName: Type.String(),
  requestedAt: described(Time, 'When the visitor asked for help. Ms since 1970.'),
  expiresAt: Time,
  parts: Type.Array(RecordingFile, {
    description: 'The files of a recording; empty for a case file.',
  }),
  fileCode: Type.String({
    description:
      'For the query `code` of the file. It counts for four hours, and not after the link.',
  }),
});
export type SharedThing = Shape<typeof SharedThing>;
