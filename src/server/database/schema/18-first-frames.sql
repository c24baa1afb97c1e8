-- When each side of a call first saw the other.

create table first_frames (
  call_id        uuid not null references calls on delete cascade,
  side           text not null check (side in ('visitor', 'agent')),
  -- When the message arrived, by the database's clock.
  at             timestamptz not null default clock_timestamp(),
  -- The visitor's side only: ms since the press of the button, by the clock of the visitor's browser. Null: the page was
  -- reloaded after the press, or the browser sent an impossible number.
  since_press_ms int check (since_press_ms >= 0),
  primary key (call_id, side)
);

-- Never below 0: the frame of a side can arrive a moment before the other side is known to be in the room.
create function ms_between(earlier timestamptz, later timestamptz) returns int language sql immutable as $$
  select case when later >= earlier then floor(extract(epoch from later - earlier) * 1000)::int
              when later < earlier then 0 end
$$;

-- The steps from the press to the first picture in ms, one row for each call with a first picture. A query names the
-- calls by id, or by site and time.
create view call_steps as
select c.id as call_id, c.site_id, c.group_id, c.requested_at, v.since_press_ms as total,
       case when v.since_press_ms is not null
            then greatest(0, v.since_press_ms - ms_between(c.requested_at, v.at)) end as press,
       ms_between(coalesce(q.at, c.requested_at), l.offered_at) as queue,
       ms_between(l.offered_at, l.accepted_at) as ring,
       ms_between(l.accepted_at, c.ready_at) as accept,
       ms_between(c.ready_at, c.connected_at) as enter,
       ms_between(c.connected_at, v.at) as visitor_frame,
       ms_between(c.connected_at, a.at) as agent_frame
  from calls c
  left join first_frames v on v.call_id = c.id and v.side = 'visitor'
  left join first_frames a on a.call_id = c.id and a.side = 'agent'
  left join lateral (
    select f.offered_at, f.accepted_at from legs f
     where f.call_id = c.id and f.joined_at <= c.connected_at order by f.joined_at limit 1) l on true
  left join lateral (
    select min(e.at) as at from call_events e where e.call_id = c.id and e.type = 'queued') q on true
 where c.connected_at is not null and (v.call_id is not null or a.call_id is not null);
