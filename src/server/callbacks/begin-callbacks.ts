import { notifyCalls, type CallChange } from '../calls/call-change.ts';
import type { Database } from '../database/database.ts';
import { timeouts } from '../settings/timeouts.ts';

/** In one sweep, so that no sweep takes long. */
const MAX_CALLBACKS = 100;

// A callback's place follows from the first press, as if the visitor had waited all the time. Its turn has come when
// fewer calls are before it than agents of the group are at work: then the next free agent takes it.
const BEGIN = `
with waiting as materialized (
  select b.id, f.group_id, c.id as first_call, c.site_id, c.priority, c.requested_at
    from callbacks b
    join follow_ups f on f.id = b.id
    join calls c on c.id = f.call_id
    join sites s on s.id = f.site_id
    join skill_groups g on g.site_id = f.site_id and g.id = f.group_id
    left join hours h on h.site_id = g.site_id and h.id = g.hours
   where b.state = 'waiting' and b.next_at <= now() and b.expires_at > now()
     and service_is_up(${timeouts.gap}) and is_open(h.schedule, s.time_zone, now())
   order by c.priority desc, c.requested_at, b.id limit ${MAX_CALLBACKS}
     for no key update of b skip locked),
placed as (
  select w.*, k.version as consent_version, k.decided_at as agreed_at,
         row_number() over (partition by w.site_id, w.group_id order by w.priority desc, w.requested_at, w.id)
         + (select count(*) from calls q
             where q.site_id = w.site_id and q.group_id = w.group_id and q.state in ('queued', 'offered')
               and (q.priority > w.priority or q.priority = w.priority and q.requested_at < w.requested_at)) as place,
         (select count(*) from memberships m join agents a on a.id = m.agent_id
           where m.site_id = w.site_id and m.group_id = w.group_id and a.status = 'available'
             and a.disabled_at is null and exists (select from connections x where x.agent_id = a.id)) as agents
    from waiting w
    -- What the visitor agreed to at the press, or in an attempt before.
    left join lateral (
      select e.version, e.decided_at from calls c join call_consents e on e.call_id = c.id
       where (c.id = w.first_call or c.callback_id = w.id) and e.agreed
       order by e.decided_at desc limit 1) k on true),
made as (
  insert into calls (site_id, group_id, event_count, priority, visitor_id, visitor_name, params, page, language,
                     requested_at, visitor_gone_at, callback_id)
  select p.site_id, p.group_id, case when p.consent_version is null then 2 else 3 end, p.priority, c.visitor_id, c.visitor_name, c.params, c.page, c.language,
         p.requested_at, now(), p.id
    from placed p join calls c on c.id = p.first_call
   where p.place <= p.agents
  returning id, site_id, group_id, callback_id),
agreed as (
  insert into call_consents (call_id, site_id, version, agreed, decided_at, remembered)
  select m.id, m.site_id, p.consent_version, true, p.agreed_at, true
    from made m join placed p on p.id = m.callback_id where p.consent_version is not null
  returning call_id, version),
agreement_logged as (
  insert into call_events (call_id, sequence, type, actor, data)
  select a.call_id, 3, 'consent-agreed', 'visitor', jsonb_build_object('version', a.version, 'remembered', true)
    from agreed a),
logged as (
  insert into call_events (call_id, sequence, type, actor, data)
  select m.id, e.sequence, e.type, 'system', jsonb_build_object('group', m.group_id, 'callback', m.callback_id)
    from made m cross join (values (1, 'created'), (2, 'queued')) e (sequence, type)),
due as (
  update callbacks b set state = 'due', changed_at = clock_timestamp() from made m where b.id = m.callback_id)
select m.id as call_id, m.site_id, m.group_id, null::text[] as agent_ids, null::int as room from made m`;

/** Makes a call for each callback whose turn has come. Resolves to these calls. */
export async function beginCallbacks(db: Database): Promise<readonly CallChange[]> {
  const { rows } = await db.query<CallChange>(BEGIN, []);
  notifyCalls(db, rows, { queue: true, matching: true });
  return rows;
}
