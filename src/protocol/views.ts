/**
 * What the server shows: the whole view that one visitor, agent or participant is entitled to.
 * Times are milliseconds since 1970 by the database's clock; `Snapshot.now` is that clock at the
 * moment of reading, so that a client can count down without trusting its own.
 */

export interface SkillGroupName {
  readonly id: string;
  readonly name: string;
}

export interface IceServer {
  readonly urls: readonly string[];
  readonly username?: string;
  readonly credential?: string;
}

/** Who carries media: the browsers between themselves, or Tencent TRTC. */
export type MediaProvider = 'peer' | 'trtc';

/** A site, with the media that a new call of it will use; of a call that lives its ticket tells. */
export interface SiteView {
  readonly id: string;
  readonly name: string;
  readonly media: MediaProvider;
}

/** What the media adapter needs to enter; never shown before DESIGN 2 allows it. */
export type MediaTicket =
  | { readonly provider: 'peer'; readonly iceServers: readonly IceServer[] }
  | {
      readonly provider: 'trtc';
      readonly sdkAppId: number;
      readonly userSig: string;
      readonly privateMapKey: string;
    };

/** What the chat adapter needs. `token` is the bearer for pictures: this person, this room, a short time. */
export type ChatTicket =
  | { readonly provider: 'desk'; readonly token: string }
  | {
      readonly provider: 'tim';
      readonly sdkAppId: number;
      readonly userSig: string;
      readonly token: string;
    };

/** The credentials to enter one room, made for one person and one join. */
export interface Ticket {
  /** 1 to 2,147,483,647. */
  readonly room: number;
  /** This join's own id, `[A-Za-z0-9_-]{1,32}`; a later join of the same person has another. */
  readonly participant: string;
  readonly name: string;
  readonly role: ParticipantRole;
  readonly media: MediaTicket;
  readonly chat: ChatTicket;
  readonly expiresAt: number;
}

export type ParticipantRole = 'visitor' | 'agent' | 'guest';

/** Somebody who is in the room, or was a moment ago. */
export interface Participant {
  readonly id: string;
  readonly name: string;
  readonly role: ParticipantRole;
  /** Whether somebody with a key vouched for the name. */
  readonly verified: boolean;
  readonly enteredAt: number;
  /** Whether their signaling socket lives; media may well go on without it. */
  readonly online: boolean;
  /** The last chat message they have seen, 0 for none. */
  readonly readSequence: number;
}

export interface RoomView {
  readonly number: number;
  /** Those who entered and have not left, the viewer among them, in the order of entering. */
  readonly participants: readonly Participant[];
  /** The sequence of the last chat message; a client that has an older one asks for the rest. */
  readonly chatSequence: number;
}

/** Seconds, rounded for people: the wait will likely lie between the two. */
export interface WaitEstimate {
  readonly min: number;
  readonly max: number;
}

export const END_REASONS = [
  /** The visitor cancelled before an agent was there. */
  'cancelled',
  /** The visitor was away for longer than the grace before an agent was there. */
  'abandoned',
  'visitor-ended',
  'agent-ended',
  /** Gone for longer than the grace, in the call. */
  'visitor-gone',
  'agent-gone',
  /** The room could not be entered. */
  'media-failed',
] as const;
export type EndReason = (typeof END_REASONS)[number];

export interface CallEnd {
  readonly reason: EndReason;
  readonly at: number;
  /** Talk time: from connected to the end; 0 where it never connected. */
  readonly seconds: number;
}

export interface VisitorCallView {
  readonly id: string;
  /** `ringing` covers offered and accepted: until the agent is in the room, a visitor learns no more. */
  readonly state: 'queued' | 'ringing' | 'ready' | 'connected' | 'ended';
  readonly skill: SkillGroupName;
  readonly requestedAt: number;
  /** 1 is next; null once it no longer waits. */
  readonly position: number | null;
  /** null where the group has no history yet, or nobody of it is there. */
  readonly estimate: WaitEstimate | null;
  /** Whether an agent of the group is signed in and not on a break. */
  readonly agentOnline: boolean;
  readonly agentName: string | null;
  readonly connectedAt: number | null;
  readonly ticket: Ticket | null;
  readonly room: RoomView | null;
  readonly ended: CallEnd | null;
}

export interface VisitorView {
  readonly role: 'visitor';
  readonly site: SiteView;
  /** This visitor's call: the one that lives, or the one that has just ended. */
  readonly call: VisitorCallView | null;
}

/** The name, in records and rooms, of a visitor who gave none; a page shows it in its own language. */
export const NAMELESS = 'Visitor';

/** What an agent is told of who calls. */
export interface VisitorCard {
  readonly name: string;
  /** True where the site's backend signed name and id. */
  readonly verified: boolean;
  /** The id from the signed identity. */
  readonly id: string | null;
  readonly params: Readonly<Record<string, string>>;
  /** The page the call came from: its address without query and fragment. */
  readonly page: string | null;
  readonly language: string | null;
}

export type AgentStatus =
  'offline' | 'available' | 'ringing' | 'busy' | 'wrap-up' | 'break' | 'away';

/** What an agent can choose. */
export type ChosenStatus = 'available' | 'break' | 'offline';

export interface OfferView {
  readonly id: string;
  readonly callId: string;
  readonly visitor: VisitorCard;
  readonly skill: SkillGroupName;
  readonly requestedAt: number;
  readonly offeredAt: number;
  readonly deadline: number;
  /** Why it came here, for a person to read. */
  readonly why: string;
}

export interface AgentCallView {
  readonly id: string;
  readonly state: 'accepted' | 'ready' | 'connected';
  readonly visitor: VisitorCard;
  readonly skill: SkillGroupName;
  readonly requestedAt: number;
  readonly acceptedAt: number;
  readonly connectedAt: number | null;
  /** Whether the visitor's socket lives. */
  readonly visitorOnline: boolean;
  /** Only for the tab in charge. */
  readonly ticket: Ticket | null;
  readonly room: RoomView;
}

export interface WrapUpView {
  readonly callId: string;
  readonly visitor: VisitorCard;
  readonly skill: SkillGroupName;
  readonly room: number | null;
  readonly ended: CallEnd;
  readonly until: number;
}

export interface WaitingCallView {
  readonly id: string;
  readonly visitor: VisitorCard;
  readonly skill: SkillGroupName;
  readonly requestedAt: number;
  readonly state: 'queued' | 'offered';
  readonly position: number;
}

/** One call or offer of today, newest first. */
export interface PastCallView {
  readonly id: string;
  readonly visitorName: string;
  readonly skill: SkillGroupName;
  readonly at: number;
  readonly outcome: 'talked' | 'missed' | 'declined' | 'withdrawn';
  readonly reason: EndReason | null;
  readonly seconds: number;
}

export interface TodayView {
  readonly talked: number;
  readonly missed: number;
  readonly declined: number;
  /** Mean talk time in seconds; 0 where nothing was talked. */
  readonly averageSeconds: number;
  /** At most 50. */
  readonly calls: readonly PastCallView[];
}

export interface AgentView {
  readonly role: 'agent';
  readonly agent: {
    readonly id: string;
    readonly username: string;
    readonly name: string;
    readonly site: SiteView;
    readonly groups: readonly SkillGroupName[];
  };
  readonly status: AgentStatus;
  readonly statusSince: number;
  /** What holds once nothing rings, runs or is wrapped up; may be chosen in the middle of a call. */
  readonly chosen?: ChosenStatus | 'away';
  /** Set with `away`: how many offers in a row went unanswered. */
  readonly missedInRow: number;
  /** Whether this tab is the one that rings and holds the call. */
  readonly inCharge: boolean;
  /** Open tabs of this agent, this one among them. */
  readonly tabs: number;
  readonly offer: OfferView | null;
  readonly call: AgentCallView | null;
  readonly wrapUp: WrapUpView | null;
  readonly waiting: readonly WaitingCallView[];
  readonly today: TodayView;
}

/** Somebody in a room that is not a call's: a hearing, a meeting, the demo's room. */
export interface GuestView {
  readonly role: 'guest';
  readonly ticket: Ticket;
  readonly room: RoomView;
}

export type View = VisitorView | AgentView | GuestView;

export interface ChatImage {
  readonly id: string;
  readonly width: number;
  readonly height: number;
}

/** A chat message as it is kept: `sequence` counts up by one in each room, from 1. */
export interface ChatMessage {
  readonly sequence: number;
  /** Made by the sender; sending one again with the same id changes nothing. */
  readonly id: string;
  readonly from: string;
  readonly name: string;
  readonly role: ParticipantRole;
  readonly sentAt: number;
  readonly text: string | null;
  readonly image: ChatImage | null;
}
