/**
 * The numbers that client and server share, as `limits` of limits.ts. Times in milliseconds, sizes in bytes unless a
 * comment says otherwise.
 */

/** The hello has to arrive within this time. */
export const helloTimeout = 3_000;
/** The largest frame either side accepts. */
export const frameBytes = 64 * 1024;
/** `params`: entries, and bytes of their JSON. */
export const paramsEntries = 32;
export const paramsBytes = 4 * 1024;
/** A visitor's name, in characters. */
export const nameLength = 80;
/** An agent's reason for a break, in characters. */
export const statusReasonLength = 80;
/** A chat message, in characters (UTF-16 code units, as a text field counts). */
export const textLength = 4_000;
/** An agent's note of a call, in characters. */
export const noteLength = 4_000;
/** Tags of a call, and the characters of one. */
export const callTags = 20;
export const tagLength = 40;
/** A picture, before it is re-encoded. */
export const imageBytes = 10 * 1024 * 1024;
export const imagePixels = 40_000_000;
/** People in a mesh room, in which everyone sends to everyone. */
export const meshParticipants = 6;
/**
 * How long a visitor's place or call outlives the visitor's last socket. A place in the queue lives for 15 s only,
 * if that socket went within 10 s after the request and the visitor has no signed identity.
 */
export const visitorGrace = 60_000;
/** How long a connected call outlives the agent's last socket. */
export const agentGrace = 60_000;
/** How long an agent who accepted has to enter the room. */
export const enterRoom = 15_000;
