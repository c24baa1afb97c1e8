import { Type, type Static } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { RtcDeskError } from '../../../protocol/errors.ts';
import { limits } from '../../../protocol/limits.ts';
import { issueRoomToken } from '../../identity/room-token.ts';
import { closeRoom } from '../../rooms/close-room.ts';
import { createRoom } from '../../rooms/create-room.ts';
import { siteOf, requireApiToken } from '../bearer.ts';
import { errorReplies } from '../errors.ts';
import type { HttpContext } from '../http-context.ts';

const closed = { additionalProperties: false };
const LINE = '^[^\\u0000-\\u001f]*\\S[^\\u0000-\\u001f]*$';
const DAY = 24 * 60 * 60;

/** `:number` of a room's address. */
export const RoomParams = Type.Object({
  number: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }),
});
const NewRoom = Type.Object(
  { name: Type.Optional(Type.String({ pattern: LINE, maxLength: 80 })) },
  closed,
);
const Room = Type.Object({
  number: Type.Integer(),
  name: Type.Union([Type.String(), Type.Null()]),
});
const Guest = Type.Object(
  {
    subject: Type.String({
      pattern: '^[^\\u0000-\\u001f]{1,128}$',
      description: 'Your own id of this person: the same again is the same person.',
    }),
    name: Type.String({ pattern: LINE, maxLength: limits.nameLength }),
    seconds: Type.Optional(
      Type.Integer({
        minimum: 60,
        maximum: DAY,
        default: 60 * 60,
        description: 'How long the door is open.',
      }),
    ),
  },
  closed,
);
const Token = Type.Object({ token: Type.String(), room: Type.Integer(), expiresAt: Type.Number() });

/** Rooms without a call: a meeting, a hearing. The site's backend makes them and lets people in. */
export async function roomRoutes(app: FastifyInstance, context: HttpContext): Promise<void> {
  const { database, key, media } = context;
  const common = { tags: ['rooms'], security: [{ api: [] }] };
  requireApiToken(app, context);

  app.post<{ Body: Static<typeof NewRoom> }>(
    '/rooms',
    {
      schema: {
        ...common,
        summary: 'Make a room; after 60 days without anybody in it, it is closed',
        body: NewRoom,
        response: { 201: Room, ...errorReplies },
      },
    },
    async (request, reply) => {
      const name = request.body.name?.trim() ?? null;
      const number = await createRoom(database, { siteId: siteOf(request), name, media });
      return reply.status(201).send({ number, name });
    },
  );

  app.post<{ Params: Static<typeof RoomParams>; Body: Static<typeof Guest> }>(
    '/rooms/:number/tokens',
    {
      schema: {
        ...common,
        summary: 'Let somebody in: the token for `<call-room token>`',
        params: RoomParams,
        body: Guest,
        response: { 201: Token, ...errorReplies },
      },
    },
    async (request, reply) => {
      const { number: room } = request.params;
      const { subject, name, seconds = 60 * 60 } = request.body;
      const { rowCount } = await database.query(
        `select 1 from rooms where number = $1 and site_id = $2 and call_id is null and closed_at is null`,
        [room, siteOf(request)],
      );
      if (rowCount === 0) throw notFound();
      const token = await issueRoomToken(key, {
        room,
        subject,
        name: name.trim(),
        verified: true,
        seconds,
      });
      return reply.status(201).send({ token, room, expiresAt: Date.now() + seconds * 1000 });
    },
  );

  app.delete<{ Params: Static<typeof RoomParams> }>(
    '/rooms/:number',
    {
      schema: {
        ...common,
        summary: 'Close a room: everyone is shown out, and its tokens open nothing any more',
        params: RoomParams,
        response: { 204: Type.Null(), ...errorReplies },
      },
    },
    async (request, reply) => {
      const { number: room } = request.params;
      if (!(await closeRoom(database, { siteId: siteOf(request), room }))) throw notFound();
      return reply.status(204).send();
    },
  );
}

function notFound(): RtcDeskError {
  return new RtcDeskError('not-found', 'Your site has no such open room.');
}
