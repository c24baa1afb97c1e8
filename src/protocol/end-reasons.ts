/** Why a call ended. */
export const END_REASONS = [
  /** The visitor cancelled before an agent was there. */
  'cancelled',
  /** The visitor was away for longer than the grace period before an agent was there. */
  'abandoned',
  'visitor-ended',
  'agent-ended',
  /** Away for longer than the grace period, during the call. */
  'visitor-gone',
  'agent-gone',
  /** The visitor could not enter the room. */
  'media-failed',
  /** The visitor does not want to be recorded, or the recording failed, and the site then ends the call. */
  'recording-refused',
  'recording-failed',
  /** A callback whose visitor did not come. */
  'no-answer',
  /** The flow ended before a queue. */
  'flow-ended',
  /** The same, and the visitor had not agreed to what the site asks. */
  'consent-refused',
  /** So, and the visitor had left a message, or asked to be called back. */
  'message-left',
  'callback-requested',
] as const;

export type EndReason = (typeof END_REASONS)[number];

/** The stored name of a visitor who gave none. A page shows it in its own language. */
export const UNNAMED_VISITOR = 'Visitor';
