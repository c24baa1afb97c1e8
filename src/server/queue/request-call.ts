import { RtcDeskError } from '../../protocol/errors.ts';
import type { Database } from '../database/database.ts';
import { ComeBackLater } from '../guard/come-back-later.ts';
import { notifyCalls } from './call-change.ts';
import { paramsJson } from './call-params.ts';
import { isStorableText } from './storable-text.ts';

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
  select a.*, gen_random_uuid() as call_id
    from unnest($1::text[], $2::text[], $3::text[], $4::bytea[], $5::text[], $6::text[], $7::jsonb[], $8::text[],
                $9::text[], $10::boolean[], $11::uuid[], $12::int[], $13::bigint[]) with ordinality
      as a (key, site_id, skill, resume_hash, name, visitor_id, params, page, language, tied, connection_id,
            priority, caller, turn)),
known as materialized (
  select a.key, c.id, c.site_id from asked a join calls c on c.resume_hash = a.resume_hash),
site as materialized (
  -- In the order of their ids, so that two nodes lock the queues of several sites in one order.
  select s.*, free_places(s.id, s.queue_limit) as places
    from (select id, no_agent, queue_limit, calls_per_address from sites
           where id in (select site_id from asked) order by id) s),
wanted as materialized (
  select a.key, w.*, case when a.caller is not null then
           s.calls_per_address - live_calls(s.id, a.caller, s.calls_per_address) end as more
    from asked a join site s on s.id = a.site_id
    cross join lateral (
      select g.id as group_id, is_open(g.hours, now()) as open,
             s.no_agent = 'refuse' and not exists (
               select from agent_groups m join agents ag on ag.id = m.agent_id
                 join connections x on x.agent_id = ag.id
                where m.site_id = g.site_id and m.group_id = g.id and ag.status = 'available') as refused
        from skill_groups g
       where g.site_id = a.site_id and (a.skill is null or g.id = a.skill)
       order by g.position, g.id limit 1) w),
socket as materialized (
  select a.key, x.id from asked a join connections x on x.id = a.connection_id
   where x.role = 'visitor' and x.site_id = a.site_id),
allowed as materialized (
  select a.key, a.site_id, a.turn, row_number() over (partition by a.site_id, a.caller order by a.turn) > w.more as crowded
    from asked a join wanted w on w.key = a.key
   where w.open and not w.refused and a.key not in (select key from known)
     and (not a.tied or a.key in (select key from socket))),
admissible as materialized (
  select key, row_number() over (partition by site_id order by turn) as place from allowed
   where crowded is not true),
made as (
  insert into calls (id, site_id, group_id, priority, visitor_name, visitor_id, params, page, language,
                     resume_hash, caller, visitor_gone_at)
  select a.call_id, a.site_id, w.group_id, a.priority, a.name, a.visitor_id, a.params, a.page, a.language,
         a.resume_hash, a.caller, case when a.tied then null else now() end
    from asked a join admissible d on d.key = a.key join site s on s.id = a.site_id join wanted w on w.key = a.key
   where d.place <= s.places
  on conflict (resume_hash) do nothing
  returning id),
noted as (
  insert into call_transitions (call_id, epoch, to_state, reason)
  select id, 0, 'queued', 'requested' from made),
found as (
  select a.key, coalesce(m.id, k.id) as call_id
    from asked a left join made m on m.id = a.call_id
    left join known k on k.key = a.key and k.site_id = a.site_id
   where m.id is not null or k.id is not null),
bound as (
  update connections x set call_id = f.call_id from socket s join found f on f.key = s.key where x.id = s.id),
back as (
  update calls c set visitor_gone_at = null from known k join socket s on s.key = k.key join asked a on a.key = k.key
   where c.id = k.id and k.site_id = a.site_id and c.visitor_gone_at is not null)
select a.key, s.id as site, w.group_id, w.open, coalesce(d.place, 1) > s.places as full,
       coalesce(l.crowded, w.more < 1) as crowded, w.refused,
       not a.tied or a.key in (select key from socket) as connected,
       k.id as existing, k.site_id as existing_site, m.id as created
  from asked a left join site s on s.id = a.site_id left join wanted w on w.key = a.key
  left join allowed l on l.key = a.key left join admissible d on d.key = a.key
  left join known k on k.key = a.key left join made m on m.id = a.call_id`;

/**
 * Puts a wish for help into its group's queue. Asking again with the same resume hash finds the same
 * call, also one that has ended. Rejects with `unknown-site`, `unknown-skill`, `invalid-params`,
 * `out-of-hours`, `queue-full`, `rate-limited` (too many calls of this address), `no-agent-online`, and
 * `conflict` where the connection is gone.
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
    const row = await db.gather<Row>(REQUEST, key, values);
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
  if (row.full) return new ComeBackLater('queue-full', 'Too many are waiting.', LINE_MOVES);
  if (row.crowded) {
    return new ComeBackLater('rate-limited', 'Too many calls from this address.', LINE_MOVES);
  }
  if (row.refused) return new RtcDeskError('no-agent-online', 'No agent is online.');
  return row.connected ? null : gone();
}

function gone(): RtcDeskError {
  return new RtcDeskError('conflict', 'This connection is no longer known.');
}
