import type { Queryable } from '../database/database.ts';
import { readWaitBases, type WaitBasis } from './estimate-wait.ts';

/** How long a basis is used again, by the database's clock; in ms. What follows from it is rounded to 5 s and more. */
const KEPT = 2_000;

export interface LineAsked {
  readonly siteId: string;
  readonly groupId: string;
  /** As it was just read: a basis that says otherwise is not used again. */
  readonly agentOnline: boolean;
}

/**
 * What the waits of groups are estimated from, read once in a while: it goes through all agents of a group and its last
 * calls, and was a tenth of what visitors' views cost at 150 calls a second. Whether somebody is there at all is never
 * old, and a group that has no history yet is looked at each time.
 */
export class WaitBases {
  readonly #kept = new Map<string, { readonly basis: WaitBasis; readonly until: number }>();

  constructor(private readonly db: Queryable) {}

  /** By `site/group`, at this moment of the database's clock. */
  async of(lines: readonly LineAsked[], now: number): Promise<ReadonlyMap<string, WaitBasis>> {
    for (const [name, { until }] of this.#kept) if (until <= now) this.#kept.delete(name);
    const missing = new Map(
      lines.flatMap((line) => {
        const name = `${line.siteId}/${line.groupId}`;
        const agents = this.#kept.get(name)?.basis.agents;
        const holds = agents !== undefined && agents > 0 === line.agentOnline;
        return holds ? [] : [[name, line] as const];
      }),
    );
    if (missing.size > 0) {
      for (const [name, basis] of await readWaitBases(this.db, [...missing.values()])) {
        this.#kept.set(name, { basis, until: now + KEPT });
      }
    }
    return new Map([...this.#kept].map(([name, { basis }]) => [name, basis]));
  }
}
