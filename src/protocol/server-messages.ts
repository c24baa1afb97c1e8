/** What the server sends. */
import { Type } from '@sinclair/typebox';
import { BoardMessage } from './board-view.ts';
import { ChatMessage, ReadMark } from './chat.ts';
import { DeviceAction, DeviceAnswer, Drawing, Point } from './drawing.ts';
import { ERROR_CODES, type ErrorCode } from './error-codes.ts';
import {
  closed,
  CommandId,
  Nullable,
  OneOf,
  ParticipantId,
  RoomNumber,
  Time,
  Uuid,
  type Shape,
} from './schema.ts';
import { View } from './views.ts';

/** `message` is for developers. `retryAfter`: whole seconds after which a further try may work. */
const refusal = {
  code: OneOf<ErrorCode>(...ERROR_CODES),
  message: Type.String(),
  retryAfter: Type.Optional(Type.Integer({ minimum: 0 })),
};

export const serverMessageSchemas = {
  /** The hello was accepted; a snapshot follows. */
  welcome: closed({ type: Type.Literal('welcome'), connection: Uuid }),
  /** The whole view. `rev` grows with every snapshot of a viewer, over reconnects and nodes too. */
  snapshot: closed({
    type: Type.Literal('snapshot'),
    rev: Type.Integer(),
    now: Time,
    view: View,
  }),
  /** The answer to the command of the same id. */
  result: Type.Union([
    closed({
      type: Type.Literal('result'),
      id: CommandId,
      ok: Type.Literal(true),
      value: Type.Unknown(),
    }),
    closed({ type: Type.Literal('result'), id: CommandId, ok: Type.Literal(false), ...refusal }),
  ]),
  /** A message that is no command was refused. The socket stays open unless a close follows. */
  error: closed({ type: Type.Literal('error'), ...refusal }),
  /** A media signal from another participant of the room. The server does not read `data`. */
  signal: closed({
    type: Type.Literal('signal'),
    room: RoomNumber,
    from: ParticipantId,
    data: Type.Unknown(),
  }),
  /** New chat messages in order. A gap before the first means: ask with `chat-history`. */
  chat: closed({
    type: Type.Literal('chat'),
    room: RoomNumber,
    messages: Type.Array(ChatMessage),
  }),
  /** Read marks that have grown. */
  'chat-read': closed({
    type: Type.Literal('chat-read'),
    room: RoomNumber,
    marks: Type.Array(ReadMark),
  }),
  /** Somebody writes; show it for about 5 s. */
  typing: closed({ type: Type.Literal('typing'), room: RoomNumber, from: ParticipantId }),
  /** The whole drawing of the room: after a change, and after entering a room that has one. */
  drawing: closed({ type: Type.Literal('drawing'), room: RoomNumber, drawing: Drawing }),
  /** An agent points on the picture of the drawing; null: no longer. */
  pointer: closed({
    type: Type.Literal('pointer'),
    room: RoomNumber,
    from: ParticipantId,
    at: Nullable(Point),
  }),
  /** An agent in the room asks something of this device. Nothing is done before the person agrees. */
  'device-request': closed({
    type: Type.Literal('device-request'),
    room: RoomNumber,
    from: ParticipantId,
    requestId: CommandId,
    action: DeviceAction,
  }),
  'device-answer': closed({
    type: Type.Literal('device-answer'),
    room: RoomNumber,
    from: ParticipantId,
    requestId: CommandId,
    answer: DeviceAnswer,
  }),
  pong: closed({ type: Type.Literal('pong') }),
  /** For the console: the live board, or what has changed in it since the last message of this socket. */
  board: BoardMessage,
} as const;

type Schemas = typeof serverMessageSchemas;
type ServerMessageType = keyof Schemas;
type ServerMessageOf<T extends ServerMessageType> = Shape<Schemas[T]>;
export type ServerMessage = { [T in ServerMessageType]: ServerMessageOf<T> }[ServerMessageType];

export type ResultMessage = ServerMessageOf<'result'>;
export type SnapshotMessage<V extends View = View> = Omit<ServerMessageOf<'snapshot'>, 'view'> & {
  readonly view: V;
};
export type ChatDelivery = ServerMessageOf<'chat'>;
export type ChatReadDelivery = ServerMessageOf<'chat-read'>;
export type SignalDelivery = ServerMessageOf<'signal'>;
export type BoardDelivery = ServerMessageOf<'board'>;
export type TypingDelivery = ServerMessageOf<'typing'>;
/** What the picture tools of the room show. */
export type PictureToolDelivery = ServerMessageOf<
  'drawing' | 'pointer' | 'device-request' | 'device-answer'
>;
