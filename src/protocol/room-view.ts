/** Rooms, the people in them, and the tickets that open them. */
import { Type } from '@sinclair/typebox';
import { CaptionTicket } from './captions.ts';
import { closed, Nullable, OneOf, ParticipantId, RoomNumber, Time, type Shape } from './schema.ts';
import { VideoProfiles } from './video-profile.ts';

export const IceServer = closed({
  urls: Type.Array(Type.String()),
  username: Type.Optional(Type.String()),
  credential: Type.Optional(Type.String()),
});
export type IceServer = Shape<typeof IceServer>;

/** Who carries the media: the browsers between themselves (`mesh`), or Tencent TRTC. */
export const MediaProvider = OneOf('mesh', 'trtc');
export type MediaProvider = Shape<typeof MediaProvider>;

/** What a media adapter needs to enter a room. */
export const MediaTicket = Type.Union([
  closed({ provider: Type.Literal('mesh'), iceServers: Type.Array(IceServer) }),
  closed({
    provider: Type.Literal('trtc'),
    sdkAppId: Type.Integer(),
    userSig: Type.String(),
    privateMapKey: Type.String(),
  }),
]);
export type MediaTicket = Shape<typeof MediaTicket>;

/** What a chat adapter needs. `token` is the bearer for pictures, also if IM carries the texts. */
export const ChatTicket = Type.Union([
  closed({ provider: Type.Literal('desk'), token: Type.String() }),
  closed({
    provider: Type.Literal('tim'),
    sdkAppId: Type.Integer(),
    userSig: Type.String(),
    token: Type.String(),
  }),
]);
export type ChatTicket = Shape<typeof ChatTicket>;

export const ParticipantRole = OneOf('visitor', 'agent', 'guest');
export type ParticipantRole = Shape<typeof ParticipantRole>;

/** What a participant may do. With neither `speak` nor `show` they only listen; nobody is shown a hidden one. */
export const Permissions = closed({
  speak: Type.Boolean(),
  show: Type.Boolean(),
  hidden: Type.Boolean(),
});
export type Permissions = Shape<typeof Permissions>;

/** The credentials to enter one room, made for one participant and a short time. */
export const Ticket = closed({
  room: RoomNumber,
  /** The same person has another id after entering this room again. */
  participant: ParticipantId,
  name: Type.String(),
  role: ParticipantRole,
  permissions: Permissions,
  media: MediaTicket,
  chat: ChatTicket,
  /** How cameras are captured and sent. Left out: the profile `standard`. */
  video: Type.Optional(VideoProfiles),
  /** Captions can be shown in this room. Left out: they cannot. */
  captions: Type.Optional(CaptionTicket),
  expiresAt: Time,
});
export type Ticket = Shape<typeof Ticket>;

/** Somebody who has entered the room and has not left it. */
export const Participant = closed({
  id: ParticipantId,
  name: Type.String(),
  role: ParticipantRole,
  /** Whether somebody with a key vouched for the name. */
  verified: Type.Boolean(),
  enteredAt: Time,
  /** Whether their signaling socket lives. Media may go on without it. */
  online: Type.Boolean(),
});
export type Participant = Shape<typeof Participant>;

export const RoomKind = OneOf('call', 'consult', 'meeting', 'live');
export type RoomKind = Shape<typeof RoomKind>;

/** A signal that a view carries, as `signal` would deliver it. The server does not read `data`. */
export const FirstSignal = closed({ from: ParticipantId, data: Type.Unknown() });
export type FirstSignal = Shape<typeof FirstSignal>;

/** A room as one viewer sees it. */
export const RoomView = closed({
  number: RoomNumber,
  kind: RoomKind,
  /** The viewer's own ticket; null if this socket may not enter (another tab, a room that is over). */
  ticket: Nullable(Ticket),
  /** In the order of entering, the viewer among them; hidden participants are left out. */
  participants: Type.Array(Participant),
});
export type RoomView = Shape<typeof RoomView>;
