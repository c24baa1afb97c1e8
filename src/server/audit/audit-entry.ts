import type { AuditType } from '../../protocol/rest/audit.ts';

export type { AuditType };

/** Who did it. */
export type AuditActor =
  | { readonly kind: 'agent'; readonly agentId: string }
  /** Somebody who typed a command. `name`: that user's name on the server's machine. */
  | { readonly kind: 'operator'; readonly name: string }
  /** The site's backend. `name`: the `sub` of its API token. */
  | { readonly kind: 'backend'; readonly name: string }
  | { readonly kind: 'system' }
  /** A visitor who has the code of the own call. */
  | { readonly kind: 'visitor' }
  /** Somebody who has not proved who they are. */
  | { readonly kind: 'unknown' };

export interface AuditEntry {
  readonly site: string;
  readonly type: AuditType;
  readonly actor: AuditActor;
  /** From which address; null if nobody came over the network. */
  readonly address: string | null;
  /** To what it was done: `agent:<id>`, `call:<id>`. Default: the site itself. */
  readonly subject?: string;
  /** What was changed. Never a secret, and no words of a visitor. */
  readonly before?: object;
  readonly after?: object;
}
