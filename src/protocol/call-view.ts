/** What the views of visitors and agents share about a call. */
import { Type } from '@sinclair/typebox';
import { END_REASONS } from './end-reasons.ts';
import { Texts } from './rest/fields.ts';
import { MediaProvider } from './room-view.ts';
import { closed, Nullable, OneOf, Time, type Shape } from './schema.ts';

/** A site, with the media that its next room will use. A room's ticket says what that room uses. */
export const SiteView = closed({ id: Type.String(), name: Type.String(), media: MediaProvider });
export type SiteView = Shape<typeof SiteView>;

export const SkillGroupName = closed({ id: Type.String(), name: Type.String() });
export type SkillGroupName = Shape<typeof SkillGroupName>;

/** Seconds, rounded for people: the wait will likely lie between the two. */
export const WaitEstimate = closed({ min: Type.Number(), max: Type.Number() });
export type WaitEstimate = Shape<typeof WaitEstimate>;

export const CallEnd = closed({
  reason: OneOf(...END_REASONS),
  at: Time,
  /** Talk time in seconds, from connected to the end; 0 if it never connected. */
  seconds: Type.Number(),
});
export type CallEnd = Shape<typeof CallEnd>;

/**
 * The site's own words for params, by the param's name: `label` instead of the name, `text` instead of the value. A param
 * without words is missing.
 */
export const ParamWords = Type.Record(
  Type.String(),
  closed({ label: Type.Optional(Texts(60)), text: Type.Optional(Texts(60)) }),
);
export type ParamWords = Shape<typeof ParamWords>;

/** What an agent is told about a visitor. */
export const VisitorCard = closed({
  name: Type.String(),
  /** Whether the site's backend signed name and id. */
  verified: Type.Boolean(),
  /** The site's own id of the visitor, from the signed identity. */
  id: Nullable(Type.String()),
  /** In the order of the page. */
  params: Type.Record(Type.String(), Type.String()),
  /** Missing: the site has no words for them. */
  paramWords: Type.Optional(ParamWords),
  /** The address of the page the call came from, without query and fragment. */
  page: Nullable(Type.String()),
  language: Nullable(Type.String()),
});
export type VisitorCard = Shape<typeof VisitorCard>;
