/** What an agent reads of calls that are over, and of the texts that the site prepared. */
import { Type } from '@sinclair/typebox';
import { ParamWords, SkillGroupName } from './call-view.ts';
import { END_REASONS } from './end-reasons.ts';
import { Texts } from './rest/fields.ts';
import { RecordingFile } from './rest/recordings.ts';
import { closed, Nullable, OneOf, Slug, Time, Uuid, type Shape } from './schema.ts';

/** The newest version of one author's note. */
const Note = closed({ agent: Type.String(), text: Type.String(), savedAt: Time });

/** A call that has ended, without its conversation. */
export const PastCall = closed({
  id: Uuid,
  visitorName: Type.String(),
  /** In the order of the page. */
  params: Type.Record(Type.String(), Type.String()),
  /** Missing: the site has no words for them. */
  paramWords: Type.Optional(ParamWords),
  /** Null for a call that reached no queue. */
  skill: Nullable(SkillGroupName),
  /** The name of the agent who answered for it; null if nobody did. */
  agent: Nullable(Type.String()),
  requestedAt: Time,
  reason: OneOf(...END_REASONS),
  /** Talk time. */
  seconds: Type.Number(),
  disposition: Nullable(closed({ code: Slug, label: Texts(80) })),
  tags: Type.Array(Type.String()),
  notes: Type.Array(Note),
});
export type PastCall = Shape<typeof PastCall>;

/** A call, and what can be played of it. */
export const ReadCall = closed({
  ...PastCall.properties,
  /** Null: nothing, or the agent may not play it. */
  recording: Nullable(closed({ id: Uuid, files: Type.Array(RecordingFile) })),
});
export type ReadCall = Shape<typeof ReadCall>;

/** A part of a picture (WebP), in base64. */
export const PicturePart = closed({
  data: Type.String(),
  /** Bytes of the whole picture. */
  total: Type.Integer(),
});
export type PicturePart = Shape<typeof PicturePart>;
