/** The numbers that client and server share. Times in milliseconds, sizes in bytes unless a comment says otherwise. */
export const limits = {
  /** The hello has to arrive within this time. */
  helloTimeout: 3_000,
  /** The largest frame either side accepts. */
  frameBytes: 64 * 1024,
  /** `params`: entries, and bytes of their JSON. */
  paramsEntries: 32,
  paramsBytes: 4 * 1024,
  /** A visitor's name, in characters. */
  nameLength: 80,
  /** An agent's reason for a break, in characters. */
  statusReasonLength: 80,
  /** A chat message, in characters (UTF-16 code units, as a text field counts). */
  textLength: 4_000,
  /** A picture, before it is re-encoded. */
  imageBytes: 10 * 1024 * 1024,
  imagePixels: 40_000_000,
  /** People in a mesh room, where everyone sends to everyone. */
  meshParticipants: 6,
  /**
   * How long a visitor's place or call outlives the visitor's last socket. A place in the queue lives for 15 s only,
   * where that socket went within 10 s after the request and the visitor has no signed identity.
   */
  visitorGrace: 60_000,
  /** How long a connected call outlives the agent's last socket. */
  agentGrace: 60_000,
  /** How long an agent who accepted has to enter the room. */
  enterRoom: 15_000,
} as const;
