/**
 * What a browser may send. Each message has one schema, from which its type follows; the server
 * compiles the schemas, a browser imports only the types (a lint rule sees to it).
 */
import { Type, type Static, type TObject, type TProperties } from '@sinclair/typebox';
import { limits } from './limits.ts';
import { PROTOCOL_VERSION } from './version.ts';
import type { ChatMessage, Ticket } from './views.ts';

const closed = <P extends TProperties>(properties: P): TObject<P> =>
  Type.Object(properties, { additionalProperties: false });

const Uuid = Type.String({
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
});
const CommandId = Type.String({ minLength: 1, maxLength: 64 });
const Slug = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,62}$' });
const Token = Type.String({ minLength: 1, maxLength: 4096 });
const RoomNumber = Type.Integer({ minimum: 1, maximum: 2_147_483_647 });
const ParticipantId = Type.String({ pattern: '^[A-Za-z0-9_-]{1,32}$' });

/** 32 random bytes, base64url: made by the visitor's browser, stored hashed by the server. */
const ResumeToken = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' });

const command = <T extends string, P extends TProperties>(type: T, properties: P) =>
  closed({ type: Type.Literal(type), id: CommandId, ...properties });

/**
 * True in the first hello of a page's life, left out when the same page comes back: what an earlier
 * page had joined is left behind, and the ticket names a participant of its own. Without it the
 * join goes on, so that media which outlived the socket still belong to it.
 */
const Fresh = Type.Optional(Type.Boolean());

// ---- the first message -------------------------------------------------------------------------

export const VisitorHello = closed({
  type: Type.Literal('hello'),
  protocol: Type.Literal(PROTOCOL_VERSION),
  role: Type.Literal('visitor'),
  site: Type.String({ minLength: 1, maxLength: 63 }),
  /** Of a call that may still live; an unknown or dead one is no error: the view's call is null or ended. */
  resume: Type.Optional(ResumeToken),
  fresh: Fresh,
});
export const AgentHello = closed({
  type: Type.Literal('hello'),
  protocol: Type.Literal(PROTOCOL_VERSION),
  role: Type.Literal('agent'),
  /** A session token from `POST /api/v1/agent-sessions`, or a JWT that the site's backend signed. */
  token: Token,
  fresh: Fresh,
  /**
   * The `connection` of this page's last welcome. What it held (charge, the join) comes here at once, also
   * where the server has not noticed yet that the old socket is dead. Of somebody else: ignored.
   */
  continues: Type.Optional(Uuid),
});
export const GuestHello = closed({
  type: Type.Literal('hello'),
  protocol: Type.Literal(PROTOCOL_VERSION),
  role: Type.Literal('guest'),
  /** A room token from `POST /api/v1/rooms/{number}/tokens`. */
  token: Token,
  fresh: Fresh,
});

// ---- commands: each is answered by a `result` with its id ---------------------------------------

/** Sending it again with the same `resume` finds the same call. Result: `{callId}`. */
export const RequestCall = command('request-call', {
  resume: ResumeToken,
  /** Default: the site's first group. */
  skill: Type.Optional(Slug),
  name: Type.Optional(Type.String({ maxLength: limits.nameLength })),
  identity: Type.Optional(Token),
  /** Keys of 1 to 64 characters; the bytes of all are counted by the server. */
  params: Type.Record(
    Type.String({ pattern: '^[^]{1,64}$' }),
    Type.String({ maxLength: limits.paramsBytes }),
    { maxProperties: limits.paramsEntries, additionalProperties: false },
  ),
  page: Type.Optional(Type.String({ maxLength: 2048 })),
  language: Type.Optional(Type.String({ maxLength: 35 })),
});
/** The visitor cancels or leaves, the agent ends. Of a call that has ended already: does nothing. */
export const EndCall = command('end-call', { callId: Uuid });
export const SetStatus = command('set-status', {
  status: Type.Union([Type.Literal('available'), Type.Literal('break'), Type.Literal('offline')]),
});
/** `conflict` where the offer is no longer held out. The tab that accepts is in charge. */
export const AcceptOffer = command('accept-offer', { offerId: Uuid });
export const DeclineOffer = command('decline-offer', { offerId: Uuid });
export const FinishWrapUp = command('finish-wrap-up', { callId: Uuid });
/** This tab rings from now on, and holds the call if there is one. */
export const TakeCharge = command('take-charge', {});
/** "I am in the room": sent after the media adapter entered, and again after every reconnect. */
export const EnterRoom = command('enter-room', { room: RoomNumber, participant: ParticipantId });
export const LeaveRoom = command('leave-room', { room: RoomNumber, participant: ParticipantId });
/**
 * For one's own live join, when a provider says that its signature has expired before the next ticket came.
 * Result: a `Ticket` signed now. Refused with `forbidden`; with `conflict` where the join no longer counts.
 */
export const RenewTicket = command('renew-ticket', {
  room: RoomNumber,
  participant: ParticipantId,
});
/**
 * "This provider's media cannot be had here": the room goes on with the built-in media, and everyone in it is
 * shown another ticket for the same join. Of a room that runs on them already: does nothing. Refused with
 * `media-blocked` where the site does not allow it, with `room-full` where too many are inside for a mesh.
 */
export const FallBack = command('fall-back', { room: RoomNumber, participant: ParticipantId });
/** Exactly one of text and imageId. Sending one again with the same messageId changes nothing. Result: the message. */
export const ChatSend = command('chat-send', {
  room: RoomNumber,
  messageId: Uuid,
  text: Type.Optional(Type.String()),
  imageId: Type.Optional(Uuid),
});
/** Result: `{messages}`, at most 100, those after `after`, in order; ask again until none comes. */
export const ChatHistory = command('chat-history', {
  room: RoomNumber,
  after: Type.Integer({ minimum: 0 }),
});
export const ChatRead = command('chat-read', {
  room: RoomNumber,
  sequence: Type.Integer({ minimum: 0 }),
});

// ---- messages without an answer ------------------------------------------------------------------

/** A media signal for another member of the same room. */
export const Signal = closed({
  type: Type.Literal('signal'),
  room: RoomNumber,
  to: ParticipantId,
  data: Type.Unknown(),
});
export const Typing = closed({ type: Type.Literal('typing'), room: RoomNumber });
export const Ping = closed({ type: Type.Literal('ping') });

// ---- the whole language --------------------------------------------------------------------------

export const helloSchemas = {
  visitor: VisitorHello,
  agent: AgentHello,
  guest: GuestHello,
} as const;

export const commandSchemas = {
  'request-call': RequestCall,
  'end-call': EndCall,
  'set-status': SetStatus,
  'accept-offer': AcceptOffer,
  'decline-offer': DeclineOffer,
  'finish-wrap-up': FinishWrapUp,
  'take-charge': TakeCharge,
  'enter-room': EnterRoom,
  'leave-room': LeaveRoom,
  'renew-ticket': RenewTicket,
  'fall-back': FallBack,
  'chat-send': ChatSend,
  'chat-history': ChatHistory,
  'chat-read': ChatRead,
} as const;

export const noticeSchemas = { signal: Signal, typing: Typing, ping: Ping } as const;

export type VisitorHello = Static<typeof VisitorHello>;
export type AgentHello = Static<typeof AgentHello>;
export type GuestHello = Static<typeof GuestHello>;
export type Hello = VisitorHello | AgentHello | GuestHello;

export type CommandType = keyof typeof commandSchemas;
export type CommandOf<T extends CommandType> = Static<(typeof commandSchemas)[T]>;
export type Command = { [T in CommandType]: CommandOf<T> }[CommandType];
/** A command as a caller writes it: the connection adds the id. */
export type CommandBody<T extends CommandType = CommandType> = {
  [K in CommandType]: Omit<CommandOf<K>, 'id'>;
}[T];

export type Notice = Static<(typeof noticeSchemas)[keyof typeof noticeSchemas]>;

export type ClientMessage = Hello | Command | Notice;

/** What each command's result carries. */
export interface CommandValues {
  'request-call': { readonly callId: string };
  'end-call': null;
  'set-status': null;
  'accept-offer': { readonly callId: string; readonly room: number };
  'decline-offer': null;
  'finish-wrap-up': null;
  'take-charge': null;
  'enter-room': null;
  'leave-room': null;
  'renew-ticket': Ticket;
  'fall-back': null;
  'chat-send': ChatMessage;
  'chat-history': { readonly messages: readonly ChatMessage[] };
  'chat-read': null;
}
