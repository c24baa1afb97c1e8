import { limits } from '../../protocol/limits.ts';

/** Times after which something is taken back: in seconds, as the statements want them, by the database's clock. */
export const timeouts = {
  // ---- nodes ----
  /** A node without a heartbeat for so long is dead. */
  node: 10,
  /** A node may act for so long after its last heartbeat: well before other nodes declare it dead. */
  lease: 8,
  /** If no server ran for longer than this, deadlines and graces move by that gap. */
  gap: 5,
  /** How long a node has for its next heartbeat after such a gap. */
  nodeAfterGap: 6,

  // ---- people who are expected in a room ----
  /** An agent who has accepted, until the room is entered. */
  enterAgent: limits.enterRoom / 1_000,
  /** A visitor who is there and may enter, until the room is entered. */
  enterVisitor: 60,
  /** A visitor who is being called back to a hidden page, until the room is entered. */
  enterHiddenVisitor: 30,
  /** A visitor who is called back and may enter: the page may have to be opened first. */
  enterCallback: 120,

  // ---- people without a socket ----
  /** An agent to whom a call is offered. A reload is back before that. */
  agentGraceOffered: 3,
  /** An agent who has accepted, before the call is connected: a visitor waits. */
  agentGraceAccepted: 5,
  /** An agent in a connected call. */
  agentGrace: limits.agentGrace / 1_000,
  visitorGrace: limits.visitorGrace / 1_000,
  /** A visitor who waits, without a signed identity, and whose socket went before `visitorSettled`. */
  visitorGraceUnsettled: 15,
  /** How long a visitor's socket has to live after the request, for the whole grace. */
  visitorSettled: 10,
  /** Somebody whose media TRTC has lost too: live media would have been a sign that they come back. */
  mediaLostGrace: 5,
  /** Somebody in a room that belongs to no call. */
  guestGrace: 45,
  /** The active tab during a call: a reload has so long to come back before another tab becomes active. */
  activeTabGrace: 5,

  /** The code that hands a call over to another device. */
  handOverCode: 120,

  // ---- recordings ----
  /** Nothing arrives of a recording that goes on, although a slice holds two seconds: people are told within 10 s. */
  recordingSilent: 8,
  /** After that, where the site does not let a call go on without its recording. */
  recordingGivenUp: 60,

  // ---- flows ----
  /** How long a step of a flow waits for the visitor's answer. */
  flowAnswer: 1_800,
  /** How long a flow's request may take. */
  flowRequest: 5,
  /** When another node takes it that the node with the request is gone. */
  flowRequestLost: 15,

  // ---- after the end ----
  /** How long a visitor can come back after the call's end and is told how it ended. */
  endShown: 600,
  /** How long the people of a conversation can read it after its end: the longest wrap-up. */
  conversationShown: 3_600,
  /** A room that belongs to no call and that nobody uses. A hearing may be made weeks ahead. */
  unusedRoom: 60 * 24 * 3_600,

  // ---- the outbox ----
  /** Before TRTC is told to remove somebody: people who leave by themselves get the time for it. */
  removal: 3,
  /** How long a node may take to deliver a message. Then another node may claim it. */
  outboxClaim: 30,
  /** The longest pause between two attempts. */
  trtcMaxRetry: 60,
  imMaxRetry: 3_600,
  /** TRTC closes an empty room after 30 s and removes somebody who dropped after 90 s: no need to go on. */
  trtcGivenUp: 600,
  /** IM keeps a group for ever, but not every fault passes. */
  imGivenUp: 24 * 3_600,
  /** The pauses after the first, the second … failed delivery of a webhook. The tenth is the last. */
  webhookRetries: [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400],
} as const;
