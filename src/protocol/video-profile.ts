/** How a camera's picture is captured and sent. */
import { Type } from '@sinclair/typebox';
import { closed, OneOf, type Shape } from './schema.ts';

export const VideoProfile = closed({
  height: Type.Integer({
    minimum: 90,
    maximum: 2160,
    description: 'Lines of the picture. Its width is 16/9 of that.',
  }),
  frameRate: Type.Integer({ minimum: 1, maximum: 60, description: 'Frames in a second, at most.' }),
  bitrate: Type.Integer({ minimum: 50, maximum: 10_000, description: 'In kb/s, at most.' }),
  prefer: OneOf('motion', 'sharpness'),
});
export type VideoProfile = Shape<typeof VideoProfile>;

/** A profile by its name (video-profiles.ts), or by its numbers. */
export const MediaProfile = Type.Union([OneOf('saver', 'standard', 'detail'), VideoProfile]);
export type MediaProfile = Shape<typeof MediaProfile>;

/** A site's profiles. `phone`: for devices whose pointer is a finger. */
export const VideoProfiles = closed({ computer: VideoProfile, phone: VideoProfile });
export type VideoProfiles = Shape<typeof VideoProfiles>;
