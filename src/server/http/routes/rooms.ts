import { Type } from '@sinclair/typebox';
import { RtcDeskError } from '../../../protocol/errors.ts';
import { limits } from '../../../protocol/limits.ts';
import { closed, Nullable, RoomNumber } from '../../../protocol/schema.ts';
import { issueRoomToken } from '../../identity/room-token.ts';
import { closeRoom } from '../../rooms/close-room.ts';
import { createRoom } from '../../rooms/create-room.ts';
import { isOpenMeeting } from '../../rooms/is-open-meeting.ts';
import { CALLER_SECURITY, callerOf, requireCaller } from '../callers.ts';
import { errorReplies } from '../errors.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';

/** One line with at least one character that is no space. */
export const LINE_PATTERN = '^[^\\u0000-\\u001f]*\\S[^\\u0000-\\u001f]*$';
const MAX_TOKEN_SECONDS = 24 * 60 * 60;
const TOKEN_SECONDS = 60 * 60;

/** `:number` of a room's address. */
export const RoomParams = closed({ number: RoomNumber });

const NewRoom = closed({
  name: Type.Optional(Type.String({ pattern: LINE_PATTERN, maxLength: 80 })),
});
const Room = closed({ number: RoomNumber, name: Nullable(Type.String()) });
const Guest = closed({
  subject: Type.String({
    pattern: '^[^\\u0000-\\u001f]{1,128}$',
    description: 'Your own id of this person. The same id is the same person.',
  }),
  name: Type.String({ pattern: LINE_PATTERN, maxLength: limits.nameLength }),
  seconds: Type.Optional(
    Type.Integer({
      minimum: 60,
      maximum: MAX_TOKEN_SECONDS,
      default: TOKEN_SECONDS,
      description: 'How long the token is valid.',
    }),
  ),
});
const GuestToken = closed({ token: Type.String(), room: RoomNumber, expiresAt: Type.Number() });

/** Rooms without a call: a meeting, a hearing. The site's backend makes them and issues tokens for guests. */
export async function roomRoutes(app: HttpApp, context: HttpContext): Promise<void> {
  const { database, key, media } = context;
  const common = { tags: ['rooms'], security: CALLER_SECURITY };
  requireCaller(app, context);

  app.post(
    '/rooms',
    {
      config: { action: 'rooms' },
      schema: {
        ...common,
        summary: 'Make a room. It closes after 60 days without anybody in it',
        body: NewRoom,
        response: { 201: Room, ...errorReplies },
      },
    },
    async (request, reply) => {
      const name = request.body.name?.trim() ?? null;
      const number = await createRoom(database, { siteId: callerOf(request).siteId, name, media });
      return reply.status(201).send({ number, name });
    },
  );

  app.post(
    '/rooms/:number/tokens',
    {
      config: { action: 'rooms' },
      schema: {
        ...common,
        summary: 'Issue a guest’s token for `<call-room token>`',
        params: RoomParams,
        body: Guest,
        response: { 201: GuestToken, ...errorReplies },
      },
    },
    async (request, reply) => {
      const { number: room } = request.params;
      const { subject, name, seconds = TOKEN_SECONDS } = request.body;
      if (!(await isOpenMeeting(database, { siteId: callerOf(request).siteId, room })))
        throw notFound();
      const expiresAt = Date.now() + seconds * 1000;
      const guest = { room, subject, name: name.trim(), verified: true };
      const token = await issueRoomToken(key, { ...guest, seconds });
      return reply.status(201).send({ token, room, expiresAt });
    },
  );

  app.delete(
    '/rooms/:number',
    {
      config: { action: 'rooms' },
      schema: {
        ...common,
        summary: 'Close a room. Everyone leaves it, and its tokens are no longer valid',
        params: RoomParams,
        response: { 204: Type.Null(), ...errorReplies },
      },
    },
    async (request, reply) => {
      const { number: room } = request.params;
      if (!(await closeRoom(database, { siteId: callerOf(request).siteId, room })))
        throw notFound();
      return reply.status(204).send(null);
    },
  );
}

function notFound(): RtcDeskError {
  return new RtcDeskError('not-found', 'Your site has no such open room.');
}
