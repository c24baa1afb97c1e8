import { RtcDeskError } from '../../protocol/errors.ts';
import type { Database } from '../database/database.ts';
import { RetryLaterError } from '../rate-limits/retry-later-error.ts';
import { notifyCalls } from './call-change.ts';
import { paramsJson } from './call-params.ts';
import { isStorableText } from '../database/storable-text.ts';

export interface CallWish {
  readonly siteId: string;
  /** Default: the site's first group. */
  readonly skill?: string | undefined;
  /** sha256 of the resume token. */
  readonly resumeHash: Uint8Array;
  readonly name: string;
  /** From a signed identity. */
  readonly visitorId?: string | null | undefined;
  readonly params?: Readonly<Record<string, string>> | undefined;
  readonly page?: string | null | undefined;
  readonly language?: string | null | undefined;
  /** Higher goes first; default 0. */
  readonly priority?: number | undefined;
  /** A number for the address that the wish comes from; without one the site's cap on it is not asked. */
  readonly caller?: bigint | undefined;
  /** The visitor's socket: from now on it is this call's. Without one the visitor counts as gone. */
  readonly connectionId?: string | undefined;
}

export interface RequestedCall {
  readonly callId: string;
  /** False where the resume hash had this call already. */
  readonly created: boolean;
}

interface Row {
  readonly site: string | null;
  readonly group_id: string | null;
  readonly open: boolean | null;
  readonly full: boolean | null;
  readonly crowded: boolean | null;
  readonly refused: boolean | null;
  readonly connected: boolean;
  /** The connection is that of another call, which lives. */
  readonly busy: boolean;
  readonly existing: string | null;
  readonly existing_site: string | null;
  readonly created: string | null;
}

/** When a place may have come free, for who asks again by itself; in seconds. */
const LINE_MOVES = 15;

// The queue's limit and an address's cap hold exactly: both are counted under the site's lock, which
// free_places takes, and those who ask together are counted one after another.
const REQUEST = `
with asked as materialized (
  select a.*, gen_random_uuid() as call_id, k.id as existing, k.site_id as existing_site, x.id as socket,
         o.id is not null as busy, w.group_id, w.open, w.refused
    from unnest($1::text[], $2::text[], $3::text[], $4::bytea[], $5::text[], $6::text[], $7::jsonb[], $8::text[],
                $9::text[], $10::boolean[], $11::uuid[], $12::int[], $13::bigint[]) with ordinality
      as a (key, site_id, skill, resume_hash, name, visitor_id, params, page, language, tied, connection_id,
            priority, caller, turn)
    left join calls k on k.resume_hash = a.resume_hash
    left join connections x on x.id = a.connection_id and x.role = 'visitor' and x.site_id = a.site_id
    left join calls o on o.id = x.call_id and o.ended_at is null and o.resume_hash <> a.resume_hash
    left join lateral (
      -- Without hours the function, which costs more than all the rest, is not asked.
      select g.id as group_id, g.hours is null or is_open(g.hours, now()) as open,
             s.no_agent = 'refuse' and not exists (
               select from agent_groups m join agents ag on ag.id = m.agent_id
                 join connections c on c.agent_id = ag.id
                where m.site_id = g.site_id and m.group_id = g.id and ag.status = 'available') as refused
        from skill_groups g join sites s on s.id = g.site_id
       where g.site_id = a.site_id and (a.skill is null or g.id = a.skill)
       order by g.position, g.id limit 1) w on true),
site as materialized (
  -- In the order of their ids, so that two nodes lock the queues of several sites in one order.
  select s.*, free_places(s.id, s.queue_limit) as places
    from (select id, queue_limit, calls_per_address from sites
           where id in (select site_id from asked) order by id) s),
counted as materialized (
  select a.*, s.id as site, s.places,
         a.open and not a.refused and a.existing is null and not a.busy and (not a.tied or a.socket is not null) as allowed,
         case when a.caller is not null then
           s.calls_per_address - live_calls(s.id, a.caller, s.calls_per_address) end as more
    from asked a left join site s on s.id = a.site_id),
numbered as materialized (
  select c.*, coalesce(c.more < case when c.allowed then
           row_number() over (partition by c.allowed, c.site_id, c.caller order by c.turn) else 1 end, false) as crowded
    from counted c),
placed as materialized (
  select n.*, row_number() over (partition by n.allowed and not n.crowded, n.site_id order by n.turn) as place
    from numbered n),
made as (
  insert into calls (id, site_id, group_id, priority, visitor_name, visitor_id, params, page, language,
                     resume_hash, caller, visitor_gone_at)
  select p.call_id, p.site_id, p.group_id, p.priority, p.name, p.visitor_id, p.params, p.page, p.language,
         p.resume_hash, p.caller, case when p.tied then null else now() end
    from placed p where p.allowed and not p.crowded and p.place <= p.places
  on conflict (resume_hash) do nothing
  returning id),
bound as (
  update connections x set call_id = coalesce(m.id, p.existing) from placed p left join made m on m.id = p.call_id
   where x.id = p.socket and not p.busy and (m.id is not null or p.existing_site = p.site_id)),
back as (
  update calls c set visitor_gone_at = null from placed p
   where c.id = p.existing and p.existing_site = p.site_id and p.socket is not null and not p.busy
     and c.visitor_gone_at is not null)
select p.key, p.site, p.group_id, p.open, p.places < 1 or p.allowed and not p.crowded and p.place > p.places as full,
       p.crowded, p.refused, not p.tied or p.socket is not null as connected, p.busy, p.existing, p.existing_site, m.id as created
  from placed p left join made m on m.id = p.call_id`;

/**
 * Puts a wish for help into its group's queue. Asking again with the same resume hash finds the same
 * call, also one that has ended. Rejects with `unknown-site`, `unknown-skill`, `invalid-params`,
 * `out-of-hours`, `queue-full`, `rate-limited` (too many calls of this address), `no-agent-online`, and
 * `conflict` where the connection is gone, or another live call's.
 */
export async function requestCall(db: Database, wish: CallWish): Promise<RequestedCall> {
  checkTexts(wish);
  const values = [
    wish.siteId,
    wish.skill ?? null,
    wish.resumeHash,
    wish.name,
    wish.visitorId ?? null,
    paramsJson(wish.params ?? {}),
    wish.page ?? null,
    wish.language ?? null,
    wish.connectionId !== undefined,
    wish.connectionId ?? null,
    wish.priority ?? 0,
    wish.caller ?? null,
  ];
  const key = Buffer.from(wish.resumeHash).toString('base64');
  // The second time sees the call of another request with this hash, which won the first time.
  for (const last of [false, true]) {
    const row = await db.batch<Row>(REQUEST, key, values);
    if (row?.busy) throw new RtcDeskError('conflict', 'This visitor has a call already.');
    if (row?.created && row.group_id) {
      const { created, group_id } = row;
      notifyCalls(
        db,
        [{ call_id: created, site_id: wish.siteId, group_id, agent_id: null, room: null }],
        { line: true, matching: true },
      );
      return { callId: created, created: true };
    }
    if (row?.existing && row.existing_site === wish.siteId) {
      if (!row.connected) throw gone();
      db.wake.notify(`call:${row.existing}`);
      return { callId: row.existing, created: false };
    }
    const refusal = refusalOf(row);
    if (refusal) throw refusal;
    if (last) throw new RtcDeskError('conflict', 'This resume token belongs to another call.');
  }
  throw new RtcDeskError('conflict');
}

function checkTexts({ name, visitorId, page, language }: CallWish): void {
  for (const text of [name, visitorId, page, language]) {
    if (typeof text === 'string' && !isStorableText(text)) {
      throw new RtcDeskError('invalid-params', 'A text with characters that cannot be kept.');
    }
  }
}

function refusalOf(row: Row | undefined): RtcDeskError | null {
  if (!row?.site) return new RtcDeskError('unknown-site', 'No such site.');
  if (!row.group_id) return new RtcDeskError('unknown-skill', 'No such skill group.');
  if (!row.open) return new RtcDeskError('out-of-hours', 'Nobody works at this hour.');
  if (row.full) return new RetryLaterError('queue-full', 'Too many are waiting.', LINE_MOVES);
  if (row.crowded) {
    return new RetryLaterError('rate-limited', 'Too many calls from this address.', LINE_MOVES);
  }
  if (row.refused) return new RtcDeskError('no-agent-online', 'No agent is online.');
  return row.connected ? null : gone();
}

function gone(): RtcDeskError {
  return new RtcDeskError('conflict', 'This connection is no longer known.');
}
