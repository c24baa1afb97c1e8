/** The recording of a call: what a site sets, and what agents and visitors see of it. */
import { Type } from '@sinclair/typebox';
import { Texts } from './rest/fields.ts';
import { closed, OneOf, Time, Uuid, type Shape } from './schema.ts';

/** Characters of a site's own words about recording. */
const MAX_TEXT_LENGTH = 300;

/** When calls are recorded. A group may have settings of its own. */
export const RecordingSettings = closed({
  mode: Type.Unsafe<'off' | 'on-demand' | 'always'>({
    ...OneOf('off', 'on-demand', 'always'),
    description: '`on-demand`: an agent begins. `always`: as the call gets connected.',
  }),
  by: Type.Optional(
    Type.Unsafe<'browser' | 'cloud'>({
      ...OneOf('browser', 'cloud'),
      description:
        'Who records: the agent’s browser (the default), or TRTC’s cloud. Rooms of the built-in media are always recorded in the browser.',
    }),
  ),
  askFirst: Type.Boolean({
    description: 'Whether nothing is recorded before the visitor has agreed.',
  }),
  onRefusal: Type.Unsafe<'continue' | 'end'>({
    ...OneOf('continue', 'end'),
    description: 'What becomes of a call whose visitor refuses.',
  }),
  onFailure: Type.Unsafe<'continue' | 'end'>({
    ...OneOf('continue', 'end'),
    description: 'What becomes of a call whose recording fails.',
  }),
  text: Type.Unsafe<Shape<ReturnType<typeof Texts>>>({
    ...Texts(MAX_TEXT_LENGTH),
    description: 'What the visitor reads, by language. Empty: the built-in words.',
  }),
});
export type RecordingSettings = Shape<typeof RecordingSettings>;
export type RecordingMode = RecordingSettings['mode'];

/**
 * - `asked`: the visitor has not answered. Nothing is recorded.
 * - `recording`: the agent's browser records, or TRTC's cloud. `paused`: it does not for the moment.
 * - `refused`: the visitor has refused. Nothing is recorded.
 * - `stopped`: it has ended, by an agent or with the call.
 * - `failed`: nothing is recorded, or nothing arrives. A recording that goes on returns to `recording`.
 */
export const RecordingState = OneOf('asked', 'recording', 'paused', 'refused', 'stopped', 'failed');
export type RecordingState = Shape<typeof RecordingState>;

/** As the agents of the call see it. */
export const CallRecordingView = closed({
  /** In the addresses to which the slices are sent. */
  id: Uuid,
  state: RecordingState,
  /** When it got into the state. */
  since: Time,
  /** Who records. Absent: the agent's browser. */
  by: Type.Optional(Type.Literal('cloud')),
  /** The call is always recorded: no agent stops it. */
  mandatory: Type.Optional(Type.Literal(true)),
});
export type CallRecordingView = Shape<typeof CallRecordingView>;

/** As the visitor sees it. */
export const VisitorRecordingView = closed({
  state: RecordingState,
  since: Time,
  /** The site's own words by language, if it has any. */
  text: Type.Optional(Texts(MAX_TEXT_LENGTH)),
});
export type VisitorRecordingView = Shape<typeof VisitorRecordingView>;

/** Why the browser that records cannot go on. */
export const RecorderFailure = OneOf('unsupported', 'no-space', 'storage-full', 'upload', 'media');
export type RecorderFailure = Shape<typeof RecorderFailure>;
