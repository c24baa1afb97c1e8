import { notifyCalls } from '../calls/call-change.ts';
import type { Database, Queryable } from '../database/database.ts';
import { BUILT_IN_MEDIA, type RoomMedia } from '../rooms/room-media.ts';
import { match } from './match.ts';
import { readAvailableAgents, type AvailableAgents } from './read-available-agents.ts';
import { readWaitingCalls, type WaitingCalls } from './read-waiting-calls.ts';
import { writeOffers, type WrittenOffer } from './write-offers.ts';

/** Calls read for each group and priority at first; eight times as many each time when that is too few. */
const FIRST_DEPTH = 64;
const DEPTH_FACTOR = 8;

export interface Matching {
  /** Calls that were offered. */
  readonly matched: number;
  /** Whether another run may offer more. */
  readonly more: boolean;
}

/** One node at a time for each site. The lock ends with the transaction. */
const LOCK = `select pg_advisory_xact_lock(hashtext('matching'), hashtext($1))`;

/**
 * Offers a site's queued calls to its free agents (`match`), in one transaction. `media`: for which rooms may be made;
 * default: the built-in media.
 */
export async function matchCalls(
  db: Database,
  siteId: string,
  media: RoomMedia = BUILT_IN_MEDIA,
): Promise<Matching> {
  const { offers, more } = await db.transaction(async (tx) => {
    await tx.query(LOCK, [siteId]);
    return offerCalls(tx, siteId, media);
  });
  notifyCalls(
    db,
    offers.map((offer) => ({ ...offer, agent_ids: [offer.agent_id], room: null })),
    { queue: true },
  );
  return { matched: offers.length, more };
}

/**
 * Reads deeper into the queues only if agents stay free and none of the calls read may go to them, for example
 * because all of these wait for their last agents.
 */
async function offerCalls(
  tx: Queryable,
  siteId: string,
  media: RoomMedia,
): Promise<{ offers: WrittenOffer[]; more: boolean }> {
  for (let depth = FIRST_DEPTH; ; depth *= DEPTH_FACTOR) {
    const waiting = await readWaitingCalls(tx, siteId, depth);
    if (waiting.calls.length === 0) return { offers: [], more: false };
    const agents = await readAvailableAgents(tx, siteId, waiting);
    if (agents.free.length === 0) return { offers: [], more: false };
    const offers = await offerMatches(tx, siteId, media, waiting, agents);
    if (offers.length > 0) return { offers, more: waiting.cut || agents.cut };
    if (!waiting.cut) return { offers, more: false };
  }
}

/**
 * Matches again without the calls and agents that turn out to be in other hands, until all matches can be written
 * at once. So no call is served before an older one that could have its agent.
 */
async function offerMatches(
  tx: Queryable,
  siteId: string,
  media: RoomMedia,
  { calls, rules, now }: WaitingCalls,
  { free, busy }: AvailableAgents,
): Promise<WrittenOffer[]> {
  const takenCalls = new Set<string>();
  const takenAgents = new Set<string>();
  for (;;) {
    const matches = match({
      calls: calls.filter(({ id }) => !takenCalls.has(id)),
      agents: free.filter(({ id }) => !takenAgents.has(id)),
      busyAgents: [...busy, ...free.filter(({ id }) => takenAgents.has(id))],
      rules,
      now,
    });
    if (matches.length === 0) return [];
    const written = await writeOffers(tx, siteId, matches, media);
    if (written.every(({ call_free, agent_free }) => call_free && agent_free)) {
      return written.filter(({ offered }) => offered);
    }
    for (const { call_id, agent_id, call_free, agent_free } of written) {
      if (!call_free) takenCalls.add(call_id);
      if (!agent_free) takenAgents.add(agent_id);
    }
  }
}
