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
  /** Null: near its limit, to be asked again alone. */
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

// The queue's limit holds exactly (has_place); an address's cap is counted without a lock, so that requests
// of one moment may pass it by their number.
const REQUEST = `
with site as (select * from sites where id = $1),
known as materialized (select id, site_id from calls where resume_hash = $3),
wanted as materialized (
  select g.site_id, g.id as group_id, s.queue_limit, s.calls_per_address, is_open(g.hours, now()) as open,
         s.no_agent = 'refuse' and not exists (
           select from agent_groups m join agents a on a.id = m.agent_id
             join connections x on x.agent_id = a.id
            where m.site_id = g.site_id and m.group_id = g.id and a.status = 'available') as refused
    from site s join skill_groups g on g.site_id = s.id
   where $2::text is null or g.id = $2
   order by g.position, g.id limit 1),
room as materialized (
  -- The same call again needs no place.
  select case when exists (select from known) then false
              else not has_place(w.site_id, w.queue_limit, $13) end as full,
         $12::bigint is not null and (
           select count(*) from (
             select from calls c
              where c.state = any ('{queued,offered,accepted,ready,connected}') and c.state <> 'ended'
                and c.site_id = w.site_id and c.caller = $12 limit w.calls_per_address) q
         ) >= w.calls_per_address as crowded
    from wanted w),
socket as materialized (
  select id from connections where id = $10::uuid and role = 'visitor' and site_id = $1),
made as (
  insert into calls (site_id, group_id, priority, visitor_name, visitor_id, params, page, language,
                     resume_hash, caller, visitor_gone_at)
  select w.site_id, w.group_id, $11, $4, $5, $6::jsonb, $7, $8, $3, $12,
         case when $9 then null else now() end
    from wanted w, room r
   where w.open and not r.full and not r.crowded and not w.refused and not exists (select from known)
     and (not $9 or exists (select from socket))
  on conflict (resume_hash) do nothing
  returning id, site_id, group_id),
noted as (
  insert into call_transitions (call_id, epoch, to_state, reason)
  select id, 0, 'queued', 'requested' from made),
bound as (
  update connections x set call_id = coalesce((select id from made), (select id from known where site_id = $1))
    from socket s where x.id = s.id and exists (select from made union all select from known where site_id = $1)),
back as (
  update calls c set visitor_gone_at = null from known k
   where c.id = k.id and k.site_id = $1 and c.visitor_gone_at is not null and exists (select from socket))
select (select id from site) as site, w.group_id, w.open, r.full, r.crowded, w.refused,
       not $9 or exists (select from socket) as connected,
       (select id from known) as existing, (select site_id from known) as existing_site,
       (select id from made) as created
  from (select) one left join wanted w on true left join room r on true`;

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
  // The second time sees the call of another request with this hash, which won the first time.
  for (const last of [false, true]) {
    const row = await ask(db, values);
    if (row?.created && row.group_id) {
      notifyCalls(db, [
        {
          call_id: row.created,
          site_id: wish.siteId,
          group_id: row.group_id,
          agent_id: null,
          room: null,
        },
      ]);
      return { callId: row.created, created: true };
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

async function ask(db: Database, values: readonly unknown[]): Promise<Row | undefined> {
  const [row] = (await db.query<Row>(REQUEST, [...values, false])).rows;
  if (!row?.group_id || row.full !== null) return row;
  return (await db.query<Row>(REQUEST, [...values, true])).rows[0];
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
