/** What a client may send: a hello, commands (each is answered by a `result` with its id), and notices. */
import { Type, type TProperties } from '@sinclair/typebox';
import { ChosenStatus } from './agent-view.ts';
import { ChatMessage, ReadMark } from './chat.ts';
import {
  CaptionLanguage,
  CaptionTranslation,
  MAX_CAPTION_LENGTH,
  MAX_CAPTION_TRANSLATIONS,
} from './captions.ts';
import { DeviceAction, DeviceAnswer, DrawingChange, Point } from './drawing.ts';
import { FlowAnswer, StepId } from './flow.ts';
import { limits } from './limits.ts';
import { PastCall, PicturePart, ReadCall } from './past-call.ts';
import { RecorderFailure } from './recording.ts';
import { CannedReply } from './rest/canned-replies.ts';
import { Dispositions } from './rest/dispositions.ts';
import { PlayCode } from './rest/recordings.ts';
import { FollowUp, FollowUpPage, FollowUpVersion } from './rest/follow-ups.ts';
import { Ticket } from './room-view.ts';
import {
  closed,
  CommandId,
  ConsentVersion,
  HandOverCode,
  Nullable,
  Params,
  ParticipantId,
  ResumeToken,
  RoomNumber,
  Sequence,
  Slug,
  Token,
  Uuid,
  type Shape,
} from './schema.ts';
import { PROTOCOL_VERSION } from './version.ts';

// ---- the first message -------------------------------------------------------------------------

/**
 * True in the first hello of a page's life; left out when the same page reconnects. With it the visitor,
 * the guest, or the agent in the active tab gets a new participant in the room. Without it the participant goes on, with the media that
 * outlived the socket.
 */
const Fresh = Type.Optional(Type.Boolean());

const hello = <R extends string, P extends TProperties>(role: R, properties: P) =>
  closed({
    type: Type.Literal('hello'),
    protocol: Type.Literal(PROTOCOL_VERSION),
    role: Type.Literal(role),
    fresh: Fresh,
    ...properties,
  });

export const VisitorHello = hello('visitor', {
  site: Type.String({ minLength: 1, maxLength: 63 }),
  /** Of a call that may still live. An unknown one is no error: the view's call is null. */
  resume: Type.Optional(ResumeToken),
});
export const AgentHello = hello('agent', {
  /**
   * A session token from `POST /api/v1/agent-sessions`, or a JWT that the site's backend signed. Left out: the
   * session in the cookie of the desk of `site`, for a page of the server itself.
   */
  token: Type.Optional(Token),
  /** The site whose desk this is. An agent of another site is refused. */
  site: Type.Optional(Type.String({ minLength: 1, maxLength: 63 })),
  /**
   * The `connection` of this page's last welcome. The new socket takes over what that connection held (the
   * active tab, the participants), also if the server has not noticed yet that the old socket is dead.
   */
  continues: Type.Optional(Uuid),
});
export const GuestHello = hello('guest', {
  /** A room token from `POST /api/v1/rooms/{number}/tokens`. */
  token: Token,
});

/** A page of the server's own console, signed in by the console's cookie. It is sent the live board. */
export const ConsoleHello = closed({
  type: Type.Literal('hello'),
  protocol: Type.Literal(PROTOCOL_VERSION),
  role: Type.Literal('console'),
});

export const helloSchemas = {
  visitor: VisitorHello,
  agent: AgentHello,
  guest: GuestHello,
  console: ConsoleHello,
} as const;

export type VisitorHello = Shape<typeof VisitorHello>;
export type AgentHello = Shape<typeof AgentHello>;
export type GuestHello = Shape<typeof GuestHello>;
export type ConsoleHello = Shape<typeof ConsoleHello>;
export type Hello = VisitorHello | AgentHello | GuestHello | ConsoleHello;

/** The latest time that a browser knows, in ms since 1970. */
const MAX_DATE_MS = 8.64e15;

// ---- commands ------------------------------------------------------------------------------------

const command = <T extends string, P extends TProperties>(type: T, properties: P) =>
  closed({ type: Type.Literal(type), id: CommandId, ...properties });

const ConsentDecision = closed({
  version: ConsentVersion,
  /** False: only a flow can go on, to a message or a callback. */
  agreed: Type.Boolean(),
  /** The visitor agreed in an earlier call, at this time by this browser's clock, and was not asked again. */
  since: Type.Optional(Type.Number({ minimum: 0, maximum: MAX_DATE_MS })),
});
export type ConsentDecision = Shape<typeof ConsentDecision>;

const NoteText = Type.String({ maxLength: limits.noteLength });
const PictureOffset = Type.Integer({ minimum: 0, maximum: limits.imageBytes });

/** Whose room and which participant a command speaks about. */
/** A page that is open for longer has no press to measure from. */
const MAX_SINCE_PRESS_MS = 86_400_000;
const inRoom = { room: RoomNumber, participant: ParticipantId };

export const commandSchemas = {
  /** Sending it again with the same `resume` finds the same call. */
  'request-call': command('request-call', {
    resume: ResumeToken,
    /** The group; no flow is run. */
    skill: Type.Optional(Slug),
    /** A published flow. Without `skill` and `flow`: the site's default flow, else the site's first group. */
    flow: Type.Optional(Slug),
    name: Type.Optional(Type.String({ maxLength: limits.nameLength })),
    /** A JWT that the site's backend signed. */
    identity: Type.Optional(Token),
    /** The answer to the challenge of the view's `site.challenge`. */
    challenge: Type.Optional(Type.String({ minLength: 1, maxLength: 2048 })),
    /** What the visitor decided about the view's `site.consent`. */
    consent: Type.Optional(ConsentDecision),
    params: Params,
    /** The page's address. The server stores at most 512 bytes of it, without query and fragment. */
    page: Type.Optional(Type.String()),
    language: Type.Optional(Type.String({ maxLength: 35 })),
  }),
  /**
   * The visitor cancels or leaves; the agent ends. A call that has ended already stays as it is. With `mayReturn` a
   * connected call lives on for the site's `rejoinSeconds`: a `fresh` hello with its key comes back to it.
   */
  'end-call': command('end-call', { callId: Uuid, mayReturn: Type.Optional(Type.Boolean()) }),
  /**
   * Answers the step of the view. `value`: the id of an option; `next` for a message; the answers by field; `skipped`
   * or `refused`; null to go back. `flow-changed` if the call stands at another step.
   */
  'flow-answer': command('flow-answer', { callId: Uuid, node: StepId, value: FlowAnswer }),
  /**
   * The visitor may enter the room, and the page is hidden: it calls the visitor back first. The agent is told, and the
   * visitor has 30 s. Nothing changes where the call is not `ready`.
   */
  'report-hidden': command('report-hidden', { callId: Uuid }),
  /**
   * Asks for a code with which another device takes the call of this socket. A new code replaces the older one.
   * `conflict` if there is no live call.
   */
  'offer-hand-over': command('offer-hand-over', {}),
  /**
   * Takes the call of a code. `resume`: the token that this device has made; it replaces the token of the other device.
   * Then a `fresh` hello with it comes back to the call. `not-found` if the code is unknown, used, expired, or of another
   * site, or if its call is over. Sending it again with the same `resume` finds the same call.
   */
  'take-hand-over': command('take-hand-over', { code: HandOverCode, resume: ResumeToken }),
  'set-status': command('set-status', {
    status: ChosenStatus,
    reason: Type.Optional(Type.String({ maxLength: limits.statusReasonLength })),
  }),
  /**
   * The tab that accepts becomes the active tab. `conflict` if the leg is no longer offered. With `firstSignal` it
   * also enters the room, if the room uses the built-in media and the leg is the call's first: the visitor's view
   * carries the signal until the visitor has entered.
   */
  'accept-offer': command('accept-offer', {
    legId: Uuid,
    firstSignal: Type.Optional(Type.Unknown()),
  }),
  'decline-offer': command('decline-offer', { legId: Uuid }),
  /** `disposition-required` if the group requires a disposition and the leg has none. */
  'finish-wrap-up': command('finish-wrap-up', { legId: Uuid }),
  /** More time for the wrap-up. `conflict` if it has its longest time. */
  'extend-wrap-up': command('extend-wrap-up', { legId: Uuid }),
  /**
   * The outcome of a call. The agent had a leg in it, or supervises its group and the call has ended. `code`: a leaf of
   * the site's tree; null removes the outcome. `note`: as in `save-note`.
   */
  'set-disposition': command('set-disposition', {
    callId: Uuid,
    code: Nullable(Slug),
    note: Type.Optional(NoteText),
  }),
  /** The agent's own note of such a call. Another text makes another version. */
  'save-note': command('save-note', { callId: Uuid, note: NoteText }),
  /** The whole list of such a call's tags. */
  'set-tags': command('set-tags', {
    callId: Uuid,
    tags: Type.Array(Type.String({ minLength: 1, maxLength: limits.tagLength }), {
      maxItems: limits.callTags,
    }),
  }),
  /** The tree of outcomes. */
  'read-dispositions': command('read-dispositions', {}),
  /** The texts that this agent may send, page by page. `cursor`: of the page before. */
  'canned-replies': command('canned-replies', {
    cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 1024 })),
  }),
  /** The picture of a reply from the byte `offset` on. */
  'canned-reply-picture': command('canned-reply-picture', { replyId: Uuid, offset: PictureOffset }),
  /** The last 20 calls of the verified visitor of a call that this agent has: those that they may read. */
  'visitor-history': command('visitor-history', { callId: Uuid }),
  /** A call that has ended: one's own, or one of the visitor's history. */
  'read-past-call': command('read-past-call', { callId: Uuid }),
  /** Its recording, to play: one's own, or one of the groups that a supervisor leads. */
  'play-recording': command('play-recording', { recordingId: Uuid }),
  /** Its conversation after `after`, in order, at most 100: ask again until none comes. */
  'past-messages': command('past-messages', { callId: Uuid, after: Sequence }),
  /** A picture of its conversation from the byte `offset` on. */
  'past-picture': command('past-picture', {
    callId: Uuid,
    pictureId: Uuid,
    offset: PictureOffset,
  }),
  /** The open messages and callbacks of the agent's groups, the newest first. `cursor`: of the page before. */
  'follow-ups': command('follow-ups', {
    cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 1024 })),
  }),
  /** Who takes care of it: this agent or nobody; whether it was answered. */
  'change-follow-up': command('change-follow-up', {
    followUpId: Uuid,
    version: FollowUpVersion,
    assigned: Type.Optional(Type.Boolean()),
    handled: Type.Optional(Type.Boolean()),
  }),
  /** Answers a message by a callback, or begins a callback that failed anew. */
  'call-back': command('call-back', { followUpId: Uuid, version: FollowUpVersion }),
  /** This tab rings from now on, and holds the call if there is one. */
  'activate-tab': command('activate-tab', {}),
  /** Sent after the media adapter has entered, and again after every reconnect. */
  'enter-room': command('enter-room', inRoom),
  'leave-room': command('leave-room', inRoom),
  /**
   * The first picture of somebody else is on the screen. `sincePress`: ms since the press of the button, in the page of a
   * visitor who pressed it there.
   */
  'report-first-frame': command('report-first-frame', {
    ...inRoom,
    sincePress: Nullable(Type.Integer({ minimum: 0, maximum: MAX_SINCE_PRESS_MS })),
  }),
  /** Asks for a ticket that is signed now, if a provider finds its signature expired. */
  'renew-ticket': command('renew-ticket', inRoom),
  'renew-token': command('renew-token', { token: Token }),
  /**
   * The provider's media cannot be had here: the room goes on with the built-in media, and everyone in it
   * gets another ticket for the same participant. A room that uses them already stays as it is.
   */
  'fall-back': command('fall-back', inRoom),
  /**
   * The visitor or the agent in the room gives the call up for a callback: it ends as `callback-requested`, and keeps its
   * place. `conflict` if the call is not connected, or another agent talks in it.
   */
  'end-with-callback': command('end-with-callback', inRoom),
  /** Exactly one of text and imageId. Sending it again with the same messageId changes nothing. */
  'chat-send': command('chat-send', {
    room: RoomNumber,
    messageId: Uuid,
    text: Type.Optional(Type.String()),
    imageId: Type.Optional(Uuid),
  }),
  /** The messages after `after`, in order, at most 100: ask again until none comes. */
  'chat-history': command('chat-history', { room: RoomNumber, after: Sequence }),
  /** Everything up to `sequence` has been seen. */
  'chat-read': command('chat-read', { room: RoomNumber, sequence: Sequence }),
  /** An agent in the room draws. `conflict` if there is no picture to draw on, or no space for another mark. */
  'change-drawing': command('change-drawing', { room: RoomNumber, change: DrawingChange }),
  /** An agent in the room asks something of somebody's device there. The person answers, or does not. */
  'request-device-action': command('request-device-action', {
    room: RoomNumber,
    to: ParticipantId,
    requestId: CommandId,
    action: DeviceAction,
  }),
  /** What became of it. `to`: who asked. */
  'answer-device-request': command('answer-device-request', {
    room: RoomNumber,
    to: ParticipantId,
    requestId: CommandId,
    answer: DeviceAnswer,
  }),
  /**
   * The owner of a connected call begins to record, or begins again, or asks the visitor first if the site wants so.
   * `forbidden` if the site or group does not record; `storage-full` if the server's disk is nearly full.
   */
  'start-recording': command('start-recording', { callId: Uuid }),
  'pause-recording': command('pause-recording', { callId: Uuid }),
  'resume-recording': command('resume-recording', { callId: Uuid }),
  /** `forbidden` where the site or group always records. */
  'stop-recording': command('stop-recording', { callId: Uuid }),
  /** The browser that records cannot go on. The site's rule decides what becomes of the call. */
  'recording-failed': command('recording-failed', { callId: Uuid, reason: RecorderFailure }),
  /** The visitor agrees to be recorded, or refuses. `conflict` if nothing is asked. */
  'answer-recording': command('answer-recording', { callId: Uuid, agreed: Type.Boolean() }),
  /**
   * Somebody in a connected call has said this, and the browser that heard it has written it down. `startedAt`: when it
   * began, by the server's clock. `forbidden` unless the site keeps captions. The same `captionId` again changes
   * nothing, except that a line without translations gets them.
   */
  'add-caption': command('add-caption', {
    room: RoomNumber,
    captionId: Uuid,
    text: Type.String({ minLength: 1, maxLength: MAX_CAPTION_LENGTH }),
    language: CaptionLanguage,
    translations: Type.Optional(
      Type.Array(CaptionTranslation, { maxItems: MAX_CAPTION_TRANSLATIONS }),
    ),
    startedAt: Type.Integer({ minimum: 0, maximum: 8.64e15 }),
  }),
} as const;

/** What the result of each command carries. */
export const commandValues = {
  'request-call': closed({ callId: Uuid }),
  'end-call': Type.Null(),
  'flow-answer': Type.Null(),
  'report-hidden': Type.Null(),
  /** `expiresAt`: ms since 1970 by the server's clock. */
  'offer-hand-over': closed({ code: HandOverCode, expiresAt: Type.Number() }),
  'take-hand-over': closed({ callId: Uuid }),
  'set-status': Type.Null(),
  /** `entered`: this socket is in the room. Otherwise `enter-room` has to follow. */
  'accept-offer': closed({
    callId: Uuid,
    legId: Uuid,
    room: RoomNumber,
    entered: Type.Boolean(),
  }),
  'decline-offer': Type.Null(),
  'finish-wrap-up': Type.Null(),
  'extend-wrap-up': Type.Null(),
  'set-disposition': Type.Null(),
  'save-note': Type.Null(),
  'set-tags': Type.Null(),
  'read-dispositions': Dispositions,
  'canned-replies': closed({
    replies: Type.Array(CannedReply),
    /** Null on the last page. */
    cursor: Nullable(Type.String()),
  }),
  'canned-reply-picture': PicturePart,
  'visitor-history': closed({ calls: Type.Array(PastCall) }),
  'read-past-call': ReadCall,
  'play-recording': PlayCode,
  'past-messages': closed({ messages: Type.Array(ChatMessage) }),
  'past-picture': PicturePart,
  'follow-ups': FollowUpPage,
  'change-follow-up': FollowUp,
  'call-back': FollowUp,
  'activate-tab': Type.Null(),
  /**
   * The sequence of the room's last chat message, what everybody in it has read, and the ids of this person's
   * participants in the room: an earlier page of the same person wrote under an earlier id.
   */
  'enter-room': closed({
    lastSequence: Sequence,
    readMarks: Type.Array(ReadMark),
    ownParticipants: Type.Array(ParticipantId),
  }),
  'leave-room': Type.Null(),
  'report-first-frame': Type.Null(),
  'renew-ticket': Ticket,
  'renew-token': Type.Null(),
  'fall-back': Type.Null(),
  'end-with-callback': Type.Null(),
  'chat-send': ChatMessage,
  'chat-history': closed({ messages: Type.Array(ChatMessage) }),
  'chat-read': Type.Null(),
  'change-drawing': Type.Null(),
  'request-device-action': Type.Null(),
  'answer-device-request': Type.Null(),
  'start-recording': Type.Null(),
  'pause-recording': Type.Null(),
  'resume-recording': Type.Null(),
  'stop-recording': Type.Null(),
  'recording-failed': Type.Null(),
  'answer-recording': Type.Null(),
  /** Whether it is kept: false while the call may not be recorded. */
  'add-caption': closed({ kept: Type.Boolean() }),
} as const;

export type CommandType = keyof typeof commandSchemas;
export type CommandOf<T extends CommandType> = Shape<(typeof commandSchemas)[T]>;
export type Command = { [T in CommandType]: CommandOf<T> }[CommandType];
/** A command as a caller writes it: the connection adds the id. */
export type CommandBody<T extends CommandType = CommandType> = {
  [K in CommandType]: Omit<CommandOf<K>, 'id'>;
}[T];
export type CommandValues = { [T in CommandType]: Shape<(typeof commandValues)[T]> };

// ---- notices: no answer, not stored ---------------------------------------------------------------

export const noticeSchemas = {
  /** A media signal for another participant of the same room. */
  signal: closed({
    type: Type.Literal('signal'),
    room: RoomNumber,
    to: ParticipantId,
    data: Type.Unknown(),
  }),
  typing: closed({ type: Type.Literal('typing'), room: RoomNumber }),
  /** Where an agent points on the picture of the drawing; null: no longer. */
  point: closed({ type: Type.Literal('point'), room: RoomNumber, at: Nullable(Point) }),
  ping: closed({ type: Type.Literal('ping') }),
} as const;

export type Notice = Shape<(typeof noticeSchemas)[keyof typeof noticeSchemas]>;

export type ClientMessage = Hello | Command | Notice;
