import type { Queryable } from '../database/database.ts';

/** How long a list is used before it is read again; in ms. */
const FRESH = 2_000;

interface Lists {
  readonly crm: readonly string[];
  readonly all: ReadonlySet<string>;
}

/** The origins that sites have put on their lists, read from the database every now and then. */
export class SiteOrigins {
  #lists: Promise<Lists> | null = null;
  #readAt = 0;

  constructor(
    private readonly db: Queryable,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Those whose pages may frame the desk, of all sites. */
  async crm(): Promise<readonly string[]> {
    return (await this.#read()).crm;
  }

  /** Whether a page of this origin may read the REST interface's answers. What it may do hangs on its token. */
  async has(origin: string): Promise<boolean> {
    return (await this.#read()).all.has(origin);
  }

  #read(): Promise<Lists> {
    if (this.#lists && this.now() - this.#readAt < FRESH) return this.#lists;
    const reading = this.#query();
    this.#lists = reading;
    this.#readAt = this.now();
    reading.catch(() => {
      // Whoever asked is told by the promise itself; the next one asks the database again.
      if (this.#lists === reading) this.#lists = null;
    });
    return reading;
  }

  async #query(): Promise<Lists> {
    const { rows } = await this.db.query<{ origins: string[]; crm_origins: string[] }>(
      'select origins, crm_origins from sites',
    );
    const crm = [...new Set(rows.flatMap((row) => row.crm_origins))].sort();
    return { crm, all: new Set([...crm, ...rows.flatMap((row) => row.origins)]) };
  }
}
