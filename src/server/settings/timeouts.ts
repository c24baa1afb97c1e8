import { limits } from '../../protocol/limits.ts';

/**
 * After how much time something is taken back; in seconds, as the statements want them, and measured
 * by the database's clock alone.
 */
export const timeouts = {
  /** A node without a heartbeat is dead. match_calls (0009) has the same number. */
  node: 10,
  /** For so long after its last heartbeat a node may act: well before the others take it for dead. */
  lease: 8,
  /** Without a server for longer than this, deadlines and graces stand still. */
  gap: 5,
  /** How long a node has to beat again after such a gap. */
  comingNode: 6,
  /** An agent who rings and has no socket: a reload is back before that. */
  ringingAgent: 3,
  /** The same between accept and the visitor's entering, where somebody is about to be connected. */
  comingAgent: 5,
  /** A visitor who may enter and does not, though there. */
  enterVisitor: 60,
  /** A reload of the tab in charge has this long to come back before another tab gets the call. */
  charge: 5,
  /** How long after a call's end its visitor can still come back and be told how it ended. */
  endShown: 600,
  /** How long after its end a conversation can still be read by those who were in it: the longest wrap-up. */
  conversationShown: 3_600,
  /** A room that is not a call's, and that nobody has used: a hearing may be made weeks ahead. */
  unusedRoom: 60 * 24 * 3_600,
  enterAgent: limits.enterRoom / 1_000,
  /** The grace for whom TRTC saw time out, too: media that live would have been its sign that they come back. */
  vanished: 5,
  /** Before TRTC's cloud is told to show somebody out. */
  removal: 3,
  /** Before IM is told to take down a room's group. */
  groupRemoval: 30,
  /** How long a node may take to tell it; another one takes over then. */
  removalLease: 30,
  /** The longest pause before TRTC, or IM, is told again. */
  removalPause: 60,
  groupRemovalPause: 3_600,
  /** A room with nobody in it closes after 30 s, and who dropped is removed after 90 s (FACTS): no use to go on. */
  removalGivenUp: 600,
  /** IM keeps a group for ever; but not everything that is wrong will pass. */
  groupRemovalGivenUp: 24 * 3_600,
  agentGrace: limits.agentGrace / 1_000,
  visitorGrace: limits.visitorGrace / 1_000,
} as const;

/** Missed offers in a row after which an agent is away. */
export const MISSES_TO_AWAY = 2;
