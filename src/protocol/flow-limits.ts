/** The limits of a flow. Without schemas, so that the console can load them. */

/** Steps of a flow that can be published. */
export const MAX_FLOW_STEPS = 100;
/** Steps of a draft. */
export const MAX_DRAFT_STEPS = 300;
/** Bytes of the JSON of one flow. */
export const MAX_FLOW_BYTES = 256 * 1024;
/** Options of a menu, and cases of a condition. */
export const MAX_FLOW_EXITS = 9;
/** How long a call may wait in the queue of a queue step that names no time, in seconds. */
export const QUEUE_SECONDS = 3_600;
