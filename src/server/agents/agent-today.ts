import type { PastCallView, TodayView } from '../../protocol/views.ts';
import { SKILL, TALK_SECONDS, ms } from '../database/view-columns.ts';

/** What an agent was offered today; `call` is null until it is over. */
export interface OfferOfToday {
  readonly offer: string;
  readonly at: number;
  readonly call: PastCallView | null;
}

/**
 * The offers of today of the agent `a`, from `since` (ms since 1970) on. Today is since midnight in the database's time
 * zone. Each closed offer counts once; an accepted one that came to no talk (the room was not entered, the call went on
 * to somebody else, or to a later offer of the same agent's) was withdrawn.
 */
export const offersOfToday = (since: string): string => `
  select coalesce(json_agg(json_build_object('offer', t.offer_id, 'at', t.at,
           'call', case when t.outcome is not null then json_build_object(
             'id', t.id, 'visitorName', t.visitor_name, 'skill', t.skill, 'at', t.at,
             'outcome', t.outcome, 'reason', t.reason, 'seconds', t.seconds) end)), '[]') as today
    from (
      select o.id as offer_id, c.id, c.visitor_name, ${SKILL} as skill, ${ms('o.offered_at')} as at,
             case when o.state = 'active' then null
                  when o.state <> 'accepted' then o.state
                  when own.talk is not true then 'withdrawn'
                  when c.ended_at is null then null
                  when c.connected_at is not null then 'talked'
                  else 'withdrawn' end as outcome,
             case when c.ended_at is not null then c.ended_reason end as reason,
             case when own.talk then ${TALK_SECONDS} else 0 end as seconds
        from offers o
        join calls c on c.id = o.call_id
        join skill_groups g on g.site_id = c.site_id and g.id = c.group_id
        cross join lateral (
          select o.state = 'accepted' and c.agent_id = a.id and o.closed_at >= c.accepted_at as talk) own
       where o.agent_id = a.id
         and o.offered_at >= greatest(date_trunc('day', now()), to_timestamp(${since} / 1000))
       offset 0) t`;

/** Of a day's the newest are shown. */
const SHOWN = 50;

/** An agent's day, as far as it is over. */
export interface Day {
  /** The newest first. */
  readonly over: readonly PastOffer[];
  /** All that was offered before is over, and known. Null where nothing is known. */
  readonly since: number | null;
  readonly view: TodayView;
}

type PastOffer = OfferOfToday & { readonly call: PastCallView };

/**
 * Adds to a day what was read from its `since` on. What is over stays as it is (only the end of a call that went on to
 * somebody else shows no sooner than when the whole day is read again), and an agent's next offer is never older than
 * the last, since one matching runs at a time. To read the whole day after each call was a third of what the views
 * cost PostgreSQL at 150 calls a second, and more with each call.
 */
export function addToDay(
  before: Day | undefined,
  read: readonly OfferOfToday[],
  midnight: number,
): Day {
  const known = new Set(before?.over.map(({ offer }) => offer));
  const kept = (before?.over ?? []).filter(({ at }) => at >= midnight);
  const added = read.filter((one): one is PastOffer => one.call !== null && !known.has(one.offer));
  const over = [...added, ...kept].sort((a, b) => b.at - a.at || (a.offer < b.offer ? -1 : 1));
  const held = read.filter(({ call }) => call === null).map(({ at }) => at);
  return {
    over,
    since: held.length > 0 ? Math.min(...held) : (over[0]?.at ?? null),
    view: before && added.length === 0 && kept.length === known.size ? before.view : summary(over),
  };
}

function summary(over: readonly PastOffer[]): TodayView {
  const count = (outcome: PastCallView['outcome']): number =>
    over.filter(({ call }) => call.outcome === outcome).length;
  const talked = over.filter(({ call }) => call.outcome === 'talked');
  const seconds = talked.reduce((sum, { call }) => sum + call.seconds, 0);
  return {
    talked: talked.length,
    missed: count('missed'),
    declined: count('declined'),
    averageSeconds: talked.length === 0 ? 0 : Math.round(seconds / talked.length),
    calls: over.slice(0, SHOWN).map(({ call }) => call),
  };
}
