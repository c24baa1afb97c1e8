/** Where a request of an agent comes from. */
export interface RequestOrigin {
  /** For the security log; null if nobody came over the network. */
  readonly address: string | null;
  /** Whether it comes from the server's own machine, and through no proxy. */
  readonly isLocal: boolean;
}
