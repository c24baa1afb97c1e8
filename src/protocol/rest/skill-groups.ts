import { Type } from '@sinclair/typebox';
import { RecordingSettings } from '../recording.ts';
import { closed, Slug, Uuid, type Shape } from '../schema.ts';
import { Level } from './agents.ts';
import { GroupName } from './fields.ts';
import { page, PageQuery, SearchText, sortBy } from './paging.ts';
import { RoutingRules } from './routing-rules.ts';

/** What is set for a skill group. */
const settings = {
  name: GroupName,
  position: Type.Integer({
    minimum: 0,
    maximum: 10_000,
    description: 'The group with the lowest is the site’s default group.',
  }),
  offerSeconds: Type.Integer({ minimum: 5, maximum: 120 }),
  wrapUpSeconds: Type.Integer({ minimum: 0, maximum: 3600 }),
  dispositionRequired: Type.Boolean({
    description:
      'Whether agents finish a wrap-up only with a disposition. It needs wrap-up seconds.',
  }),
  hours: Type.Union([Slug, Type.Null()], { description: 'The id of hours; null: always open.' }),
  priority: Type.Integer({
    minimum: 1,
    maximum: 9,
    description: 'Of the group’s calls. 9 is served first.',
  }),
  rules: RoutingRules,
  recording: Type.Union([RecordingSettings, Type.Null()], {
    description: 'Null: as the site records.',
  }),
};

export const SkillGroup = closed({
  id: Slug,
  ...settings,
  rulesVersion: Type.Integer({
    description: 'Grows with each change of `rules`. The reason of an offer names it.',
  }),
  members: Type.Integer(),
});
export type SkillGroup = Shape<typeof SkillGroup>;

export const SkillGroupQuery = Type.Object({
  ...PageQuery,
  q: SearchText,
  sort: sortBy('position', 'name', 'members'),
});
export const SkillGroupPage = page(SkillGroup);
export type SkillGroupPage = Shape<typeof SkillGroupPage>;

export const SkillGroupChange = Type.Partial(closed(settings), { additionalProperties: false });
export type SkillGroupChange = Shape<typeof SkillGroupChange>;

export const NewSkillGroup = closed({
  id: Slug,
  name: GroupName,
  ...Type.Partial(Type.Omit(closed(settings), ['name'])).properties,
});
export type NewSkillGroup = Shape<typeof NewSkillGroup>;

/** The members of a skill group, by username. */
export const SkillGroupMembers = closed({
  members: Type.Array(
    closed({
      id: Uuid,
      username: Type.String(),
      name: Type.String(),
      disabled: Type.Boolean(),
      level: Level,
    }),
  ),
});
export type SkillGroupMembers = Shape<typeof SkillGroupMembers>;

export const SkillGroupMembersChange = closed({
  members: Type.Array(closed({ id: Uuid, level: Level }), { maxItems: 5000 }),
});
export type SkillGroupMembersChange = Shape<typeof SkillGroupMembersChange>;
