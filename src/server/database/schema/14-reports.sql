-- Figures of calls by the hour. Nothing in them says who called, so they stay when a call is deleted.

-- When the call was added to report_hours. Then it is over: it has ended and its agents have finished the wrap-up.
alter table calls add column reported_at timestamptz;
create index calls_unreported on calls (site_id, requested_at) where reported_at is null;

-- The bounds of the histograms below in ms: HISTOGRAM_BOUNDS_MS (server/reports/histogram.ts).
create function histogram_bounds() returns bigint[] language sql immutable parallel safe as $$
  select array[2000, 5000, 10000, 15000, 20000, 30000, 45000, 60000, 90000, 120000, 180000, 240000, 300000, 450000,
               600000, 900000, 1200000, 1800000, 2700000, 3600000]::bigint[]
$$;

-- A call counts in the hour of its request, whenever it ends. A row of the dimension `group` counts all calls of a
-- group. One of `agent` counts those that the agent answered, and the agent's legs. One of `disposition` counts the
-- same for an outcome.
create table report_hours (
  site_id          text not null references sites on delete cascade,
  dimension        text not null check (dimension in ('group', 'agent', 'disposition')),
  -- The start of an hour in the site's time zone. For agents and dispositions that of a day: by the hour they would be
  -- almost one row for each call, and a year of a million calls takes ten times as long to read.
  hour             timestamptz not null,
  -- Null for calls that ended in a flow before a queue.
  group_id         text,
  agent_id         uuid references agents on delete no action deferrable,
  -- Null also for legs for which the agent chose none.
  disposition      text,
  calls            int not null,
  -- Of them, calls that reached a queue.
  offered          int not null,
  -- Calls in which visitor and agent met; of them, those that waited for the site's service_level_seconds at
  -- most, as that was when the call was counted.
  answered         int not null,
  answered_in_time int not null,
  -- Calls that the visitor left before; of them, those that waited for less than short_abandon_seconds.
  abandoned        int not null,
  abandoned_early  int not null,
  -- From the queue to the meeting, or to the end of a call that was abandoned.
  answer_wait_ms   bigint not null,
  abandon_wait_ms  bigint not null,
  longest_wait_ms  bigint not null,
  -- Legs: offers that rang at an agent, how many of them were missed or declined, and legs with a talk.
  rings            int not null,
  missed           int not null,
  declined         int not null,
  handled          int not null,
  talk_ms          bigint not null,
  wrap_up_ms       bigint not null,
  -- How many answered calls waited, and how many legs were handled, for a time of each bucket: from one bound of
  -- histogram_bounds up to the next. The sum of two histograms is that of both, so percentiles of any time can be told.
  -- Waits are those of a group: rows of agents and dispositions have none, which saves a third of the time to read them.
  wait_histogram     int[] check (cardinality(wait_histogram) = cardinality(histogram_bounds()) + 1),
  handling_histogram int[] not null check (cardinality(handling_histogram) = cardinality(histogram_bounds()) + 1),
  foreign key (site_id, group_id) references skill_groups on delete cascade,
  foreign key (site_id, disposition) references dispositions on delete no action deferrable,
  check ((dimension = 'group') = (wait_histogram is not null)),
  check ((dimension = 'agent') = (agent_id is not null)),
  check (dimension = 'disposition' or disposition is null),
  unique nulls not distinct (site_id, dimension, hour, group_id, agent_id, disposition)
);
create index report_hours_of_group on report_hours (site_id, group_id);
create index report_hours_of_agent on report_hours (agent_id) where agent_id is not null;
create index report_hours_of_disposition on report_hours (site_id, disposition) where disposition is not null;

-- What one ended call adds to report_hours. A query names the calls by id, or by site and `reported_at is null`.
create view report_facts as
select f.call_id, f.site_id, f.requested_at, f.reported_at, d.dimension,
       date_trunc(case d.dimension when 'group' then 'hour' else 'day' end, f.requested_at, f.time_zone) as hour,
       f.group_id, d.agent_id, d.disposition, f.calls, f.offered, f.answered, f.answered_in_time, f.abandoned, f.abandoned_early, f.answer_wait_ms,
       f.abandon_wait_ms, f.longest_wait_ms, f.rings, f.missed, f.declined, f.handled, f.talk_ms, f.wrap_up_ms,
       width_bucket(f.answer_ms, histogram_bounds()) as wait_bucket,
       width_bucket(f.handling_ms, histogram_bounds()) as handling_bucket
  from (
    -- The call itself. It belongs to the agent who was there when the visitor entered.
    select c.id as call_id, c.site_id, c.requested_at, c.reported_at, s.time_zone, c.group_id, a.agent_id, a.disposition,
           a.agent_id is not null as talked,
           1 as calls, (c.group_id is not null)::int as offered,
           o.answered::int as answered, (o.answered and (c.callback_id is not null or w.ms <= s.service_level_seconds * 1000))::int as answered_in_time,
           o.abandoned::int as abandoned, (o.abandoned and w.ms < s.short_abandon_seconds * 1000)::int as abandoned_early,
           case when o.answered then w.ms else 0 end as answer_wait_ms,
           case when o.abandoned then w.ms else 0 end as abandon_wait_ms,
           case when o.answered or o.abandoned then w.ms else 0 end as longest_wait_ms,
           0 as rings, 0 as missed, 0 as declined, 0 as handled, 0::bigint as talk_ms, 0::bigint as wrap_up_ms,
           case when o.answered then w.ms end as answer_ms, null::bigint as handling_ms
      from calls c join sites s on s.id = c.site_id
      left join lateral (
        select l.agent_id, l.disposition from legs l
         where l.call_id = c.id and l.kind <> 'monitor' and l.joined_at is not null
           and (l.left_at is null or l.left_at >= c.connected_at)
         order by l.joined_at limit 1) a on true
      cross join lateral (
        select c.connected_at is not null as answered,
               is_abandoned(c) as abandoned) o
      cross join lateral (
        select greatest(0, extract(epoch from coalesce(c.connected_at, c.ended_at) - coalesce(
                 (select min(e.at) from call_events e where e.call_id = c.id and e.type = 'queued'),
                 c.requested_at)) * 1000)::bigint as ms) w
     where c.ended_at is not null
    union all
    -- The legs of its agents.
    select c.id, c.site_id, c.requested_at, c.reported_at, s.time_zone, l.group_id, l.agent_id, l.disposition,
           t.ms is not null,
           0, 0, 0, 0, 0, 0, 0, 0, 0,
           1, (l.state = 'missed')::int, (l.state = 'declined')::int, (t.ms is not null)::int, coalesce(t.ms, 0),
           coalesce(u.ms, 0), null, t.ms + u.ms
      from legs l join calls c on c.id = l.call_id join sites s on s.id = c.site_id
      cross join lateral (
        -- While both were there: the agent in the room, the call connected, and the visitor not away.
        select case when l.left_at >= c.connected_at
                    then (extract(epoch from p.until - p.since - case when c.visitor_left_at is null then interval '0'
                            else visitor_absence(c.id, p.since, p.until) end) * 1000)::bigint end as ms
          from (select greatest(l.joined_at, c.connected_at) as since, least(l.left_at, c.ended_at) as until) p) t
      cross join lateral (
        select case when t.ms is not null
                    then (extract(epoch from coalesce(l.closed_at, now()) - l.left_at) * 1000)::bigint end as ms) u
     where c.ended_at is not null and l.kind <> 'monitor') f
 cross join lateral (values
   ('group', null::uuid, null::text),
   ('agent', f.agent_id, null),
   ('disposition', null, f.disposition)) d (dimension, agent_id, disposition)
 where case d.dimension when 'group' then true when 'agent' then f.agent_id is not null else f.talked end;
