import type { ConsentDecision } from '../../protocol/client-messages.ts';
import { RtcDeskError } from '../../protocol/errors.ts';
import type { Database, Queryable } from '../database/database.ts';
import { isPlainText } from '../database/storable-text.ts';
import { RetryLaterError } from '../rate-limits/retry-later-error.ts';
import { notifyCalls } from './call-change.ts';
import { paramsJson } from './call-params.ts';

export interface CallRequest {
  readonly siteId: string;
  /** Default: the site's first group. */
  readonly skill?: string | undefined;
  /** sha256 of the resume token. */
  readonly resumeHash: Uint8Array;
  readonly name: string;
  /** The site's own id of the visitor, from a signed identity. */
  readonly externalId?: string | null | undefined;
  readonly params?: Readonly<Record<string, string>> | undefined;
  readonly page?: string | null | undefined;
  readonly language?: string | null | undefined;
  /** 1 to 9; the highest goes first. Default: the group’s. */
  readonly priority?: number | undefined;
  /** Whether the visitor answered the site's challenge. */
  readonly challengePassed?: boolean | undefined;
  /** What the visitor decided about the site's consent. A refusal counts as none. */
  readonly consent?: ConsentDecision | undefined;
  /** A hash of the address that the request comes from. Without it the site's limit for an address is not asked. */
  readonly addressHash?: bigint | undefined;
  /** The visitor's socket; from now on it belongs to this call. Without it the visitor counts as gone. */
  readonly connectionId?: string | undefined;
}

export interface RequestedCall {
  readonly callId: string;
  /** False if this resume hash had the call already. */
  readonly created: boolean;
}

interface Row {
  readonly site: string | null;
  readonly group_id: string | null;
  readonly open: boolean | null;
  readonly full: boolean | null;
  readonly crowded: boolean | null;
  /** What the visitor has not shown: the site's `visitor_check`. */
  readonly missing: 'identity' | 'challenge' | null;
  readonly nobody_online: boolean | null;
  /** The site asks for consent, and the visitor has not agreed. */
  readonly unasked: boolean | null;
  readonly connected: boolean;
  /** The connection belongs to another call that is live. */
  readonly busy: boolean;
  readonly existing: string | null;
  readonly existing_site: string | null;
  readonly created: string | null;
}

/** When a place may be free for a client that asks again by itself, in seconds. */
export const RETRY_AFTER_SECONDS = 15;

// The queue's limit and the limit for an address hold exactly: both are counted under the site's lock, which
// free_queue_places takes, and requests that go together are counted one after another.
//
// The last fifth of the queue is kept for known visitors (`known`): those with a signed identity, and the first call
// of an address. In the order of their turns, `unreserved` requests of any kind fit; behind them only known ones do.
const REQUEST = `
with asked as materialized (
  select a.*, gen_random_uuid() as call_id, k.id as existing, k.site_id as existing_site, x.id as socket,
         o.id is not null as busy, w.group_id, w.group_priority, w.open, w.nobody_online
    from unnest($1::text[], $2::text[], $3::text[], $4::bytea[], $5::text[], $6::text[], $7::json[], $8::text[],
                $9::text[], $10::boolean[], $11::uuid[], $12::int[], $13::bigint[], $14::boolean[], $15::text[],
                $16::float8[])
      with ordinality
      as a (key, site_id, skill, resume_hash, name, external_id, params, page, language, has_socket, connection_id,
            priority, address_hash, challenge_passed, agreed_version, agreed_since, turn)
    left join calls k on k.resume_hash = a.resume_hash
    left join connections x on x.id = a.connection_id and x.role = 'visitor' and x.site_id = a.site_id
    left join calls o on o.id = x.call_id and o.ended_at is null and o.resume_hash <> a.resume_hash
    left join lateral (
      select g.id as group_id, g.priority as group_priority, is_open(h.schedule, s.time_zone, now()) as open,
             s.no_agent = 'refuse' and not exists (
               select from memberships m join agents ag on ag.id = m.agent_id
                 join connections c on c.agent_id = ag.id
                where m.site_id = g.site_id and m.group_id = g.id and ag.status = 'available') as nobody_online
        from skill_groups g join sites s on s.id = g.site_id
        left join hours h on h.site_id = g.site_id and h.id = g.hours
       where g.site_id = a.site_id and (a.skill is null or g.id = a.skill)
       order by g.position, g.id limit 1) w on true),
site as materialized (
  -- In the order of their ids, so that two nodes lock the queues of several sites in one order.
  select s.*, free_queue_places(s.id, s.queue_limit) as places
    from (select id, queue_limit, visitor_check, calls_per_address_per_day,
                 consent_version(consent) as consent_version,
                 coalesce(calls_per_address, greatest(queue_limit / 10, 1)) as calls_per_address
            from sites where id in (select site_id from asked) order by id) s),
checked as materialized (
  select a.*, s.id as site, s.consent_version,
         case when s.consent_version is null then null
              when a.agreed_version = s.consent_version then
                least(now(), 'epoch'::timestamptz + a.agreed_since * interval '1 millisecond')
              else agreed_before(s.id, a.external_id, s.consent_version) end as agreed_at, s.places, s.calls_per_address, s.calls_per_address_per_day,
         greatest(s.places - s.queue_limit / 5, 0) as unreserved,
         case when a.external_id is null and s.visitor_check <> 'none'
                   and not (s.visitor_check = 'challenge' and a.challenge_passed)
              then s.visitor_check end as missing,
         case when a.address_hash is not null
              then live_calls_of_address(s.id, a.address_hash, s.calls_per_address) end as calls_of_address,
         case when a.address_hash is not null
              then calls_today_of_address(s.id, a.address_hash) end as calls_today
    from asked a left join site s on s.id = a.site_id),
counted as materialized (
  select c.*, c.open and not c.nobody_online and c.existing is null and not c.busy and c.missing is null
           and (c.consent_version is null or c.agreed_at is not null)
           and (not c.has_socket or c.socket is not null) as allowed
    from checked c),
numbered as materialized (
  select c.*, case when c.allowed then
           row_number() over (partition by c.allowed, c.site_id, c.address_hash order by c.turn) else 1 end
           as turn_of_address
    from counted c),
admitted as materialized (
  select n.*, coalesce(n.turn_of_address + n.calls_of_address > n.calls_per_address
                       or n.turn_of_address + n.calls_today > n.calls_per_address_per_day, false) as crowded,
         n.external_id is not null or coalesce(n.turn_of_address + n.calls_of_address = 1, true) as known
    from numbered n),
ranked as materialized (
  select a.*, row_number() over (partition by a.allowed and not a.crowded, a.site_id order by a.turn) as rank
    from admitted a),
placed as materialized (
  select r.*, case when r.rank <= r.unreserved then r.rank
                   when r.known then r.unreserved + row_number() over (
                     partition by r.allowed and not r.crowded, r.site_id, r.known, r.rank > r.unreserved
                     order by r.turn) end as place
    from ranked r),
fitting as materialized (
  select * from placed where allowed and not crowded and place <= places),
verified_visitor as (
  insert into visitors (site_id, external_id, name)
  select distinct on (f.site_id, f.external_id) f.site_id, f.external_id, f.name
    from fitting f where f.external_id is not null order by f.site_id, f.external_id, f.turn
  on conflict (site_id, external_id) do update set name = excluded.name
  returning id, site_id, external_id),
made as (
  insert into calls (id, site_id, group_id, event_count, priority, visitor_name, visitor_id, params, page, language,
                     resume_hash, address_hash, visitor_gone_at)
  select f.call_id, f.site_id, f.group_id, case when f.agreed_at is null then 2 else 3 end, coalesce(f.priority, f.group_priority), f.name, v.id, f.params, f.page, f.language,
         f.resume_hash, f.address_hash, case when f.has_socket then null else now() end
    from fitting f left join verified_visitor v on v.site_id = f.site_id and v.external_id = f.external_id
  on conflict (resume_hash) do nothing
  returning id, site_id, group_id, event_count),
logged as (
  insert into call_events (call_id, sequence, type, actor, data)
  select m.id, e.sequence, e.type, 'visitor', jsonb_build_object('group', m.group_id)
    from made m cross join lateral (values (1, 'created'), (m.event_count, 'queued')) e (sequence, type)),
agreed as (
  insert into call_consents (call_id, site_id, version, agreed, decided_at, remembered)
  select m.id, m.site_id, f.consent_version, true, f.agreed_at, f.agreed_at < now()
    from made m join fitting f on f.call_id = m.id where f.agreed_at is not null
  returning call_id, version, remembered),
agreement_logged as (
  insert into call_events (call_id, sequence, type, actor, data)
  select a.call_id, 2, 'consent-agreed', 'visitor',
         jsonb_build_object('version', a.version, 'remembered', a.remembered)
    from agreed a),
bound as (
  update connections x set call_id = coalesce(m.id, p.existing) from placed p left join made m on m.id = p.call_id
   where x.id = p.socket and not p.busy and (m.id is not null or p.existing_site = p.site_id)),
back as (
  update calls c set visitor_gone_at = null from placed p
   where c.id = p.existing and p.existing_site = p.site_id and p.socket is not null and not p.busy
     and c.visitor_gone_at is not null)
select p.key, p.site, p.group_id, p.open,
       p.places < 1 or p.allowed and not p.crowded and coalesce(p.place > p.places, true) as full,
       p.crowded, p.missing, p.nobody_online, p.consent_version is not null and p.agreed_at is null as unasked, not p.has_socket or p.socket is not null as connected, p.busy, p.existing,
       p.existing_site, m.id as created
  from placed p left join made m on m.id = p.call_id`;

/**
 * Puts a request for help into its group's queue. Asking again with the same resume hash finds the same call,
 * also one that has ended. Rejects with `unknown-site`, `unknown-skill`, `invalid-params`, `invalid-identity` (the site
 * demands a signed one), `challenge-required` (the site demands an answer), `out-of-hours`, `queue-full`,
 * `rate-limited` (too many live calls of this address, or too many today), `no-agent-online`, `consent-required`,
 * `consent-refused`, and `conflict` if the connection is gone or belongs to another live call.
 */
export async function requestCall(db: Database, request: CallRequest): Promise<RequestedCall> {
  checkTexts(request);
  const values = [
    request.siteId,
    request.skill ?? null,
    request.resumeHash,
    request.name,
    request.externalId ?? null,
    paramsJson(request.params ?? {}),
    request.page ?? null,
    request.language ?? null,
    request.connectionId !== undefined,
    request.connectionId ?? null,
    request.priority ?? null,
    request.addressHash ?? null,
    request.challengePassed ?? false,
    request.consent?.agreed ? request.consent.version : null,
    request.consent?.since ?? null,
  ];
  const key = Buffer.from(request.resumeHash).toString('base64');
  // The second try sees the call of another request with this hash that won the first one.
  for (const last of [false, true]) {
    const row = await db.batch<Row>(REQUEST, key, values);
    if (row?.busy) throw new RtcDeskError('conflict', 'This visitor has a call already.');
    if (row?.created && row.group_id) {
      const { created, group_id } = row;
      notifyCalls(
        db,
        [{ call_id: created, site_id: request.siteId, group_id, agent_ids: null, room: null }],
        { queue: true, matching: true },
      );
      return { callId: created, created: true };
    }
    if (row?.existing && row.existing_site === request.siteId) {
      if (!row.connected) throw connectionGone();
      db.wake.notify(`call:${row.existing}`);
      return { callId: row.existing, created: false };
    }
    const refusal = await refusalOf(db, row, request.consent);
    if (refusal) throw refusal;
    if (last) throw new RtcDeskError('conflict', 'This resume token belongs to another call.');
  }
  throw new RtcDeskError('conflict');
}

export function checkTexts({
  name,
  externalId,
  page,
  language,
}: Pick<CallRequest, 'name' | 'externalId' | 'page' | 'language'>): void {
  for (const text of [name, externalId, page, language]) {
    if (typeof text === 'string' && !isPlainText(text)) {
      throw new RtcDeskError('invalid-params', 'A text with control characters.');
    }
  }
}

async function refusalOf(
  db: Queryable,
  row: Row | undefined,
  consent: ConsentDecision | undefined,
): Promise<RtcDeskError | null> {
  if (!row?.site) return new RtcDeskError('unknown-site', 'No such site.');
  if (!row.group_id) return new RtcDeskError('unknown-skill', 'No such skill group.');
  if (row.missing === 'identity') {
    return new RtcDeskError(
      'invalid-identity',
      'This site takes calls with a signed identity only.',
    );
  }
  if (row.missing === 'challenge') {
    return new RtcDeskError('challenge-required', 'The site’s challenge is not answered.');
  }
  if (!row.open) return closed(db, row.site, row.group_id);
  if (row.full)
    return new RetryLaterError('queue-full', 'Too many calls wait.', RETRY_AFTER_SECONDS);
  if (row.crowded) {
    return new RetryLaterError(
      'rate-limited',
      'Too many calls from this address.',
      RETRY_AFTER_SECONDS,
    );
  }
  if (row.nobody_online) return new RtcDeskError('no-agent-online', 'No agent is online.');
  // The last question: nobody agrees to something and reads then that there is no call.
  if (row.unasked) return consentMissing(consent);
  return row.connected ? null : connectionGone();
}

/** The site asks for consent, and has none. */
export function consentMissing(given: ConsentDecision | undefined): RtcDeskError {
  return given?.agreed === false
    ? new RtcDeskError('consent-refused', 'This site takes calls with consent only.')
    : new RtcDeskError('consent-required', 'The visitor has not agreed to the current text.');
}

const OPENS_IN = `
select ceil(extract(epoch from next_change(h.schedule, s.time_zone, now()) - now()))::int as seconds
  from skill_groups g join sites s on s.id = g.site_id join hours h on h.site_id = g.site_id and h.id = g.hours
 where g.site_id = $1 and g.id = $2`;

async function closed(db: Queryable, siteId: string, group: string): Promise<RtcDeskError> {
  const message = 'The group is closed at this hour.';
  const { rows } = await db.query<{ seconds: number | null }>(OPENS_IN, [siteId, group]);
  const seconds = rows[0]?.seconds;
  return seconds
    ? new RetryLaterError('out-of-hours', message, seconds)
    : new RtcDeskError('out-of-hours', message);
}

export function connectionGone(): RtcDeskError {
  return new RtcDeskError('conflict', 'This connection is no longer known.');
}
