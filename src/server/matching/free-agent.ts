export interface Membership {
  readonly groupId: string;
  readonly groupName: string;
  /** 1 (best) to 5. */
  readonly level: number;
}

/** An agent who can take a call now. */
export interface FreeAgent {
  readonly id: string;
  /** In ms. */
  readonly idleSince: number;
  readonly memberships: readonly Membership[];
}

/** An agent who is online and has chosen to be available, but has a call or a wrap-up. */
export type BusyAgent = Omit<FreeAgent, 'idleSince'>;
