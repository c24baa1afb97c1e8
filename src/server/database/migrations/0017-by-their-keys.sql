-- What is found by a key, by words that name no index of all that is going on. The planner takes the few rows of such
-- an index for next to none when it looks while nobody calls, and then any way through it for as cheap as a look by the
-- key: it went through all live calls for an agent's, or for a group's line, and through all offers that ring for
-- a call's, for each of them, and kept to that while they grew to hundreds. So who wants all that live says
-- `ended_reason is null` (a call has a reason as soon as it has ended), and who wants all that ring `state = 'active'`;
-- everybody else `ended_at is null`, and `closed_at is null`. The test of the plans watches over it.
drop index calls_live;
create index calls_live on calls (site_id, caller) where ended_reason is null;

create or replace function live_calls(site text, who bigint, most int) returns int language plpgsql volatile as $$
begin
  return (select count(*) from (
    select from calls c where c.site_id = site and c.caller = who and c.ended_reason is null limit most) q);
end
$$;

-- The view of 0014, with an offer looked up for the call in question. As an `exists` it was answered out of a table
-- of all offers that there ever were, made anew in each statement that put a call back: with 100,000 of them 50 ms,
-- where this takes 0.7.
create or replace view recent_transitions as
  select c.id as call_id, c.epoch - l.last + r.rank as epoch,
         (array['queued', 'offered', 'accepted', 'ready', 'connected'])[r.rank] as from_state,
         case when e.ends then 'ended'
              else (array['queued', 'offered', 'accepted', 'ready', 'connected'])[r.rank + 1] end as to_state,
         case when r.rank = 1 or l.last = 2 and e.ends then o.agent_id
              when r.rank > 1 then c.agent_id end as agent_id,
         case when e.ends then c.ended_reason
              else (array['requested', 'offered', 'accepted', 'agent-in-room', 'visitor-in-room'])[r.rank + 1] end as reason,
         case when e.ends then c.ended_at
              else (array[c.requested_at, o.offered_at, c.accepted_at, c.ready_at, c.connected_at])[r.rank + 1] end as at
    from calls c
    cross join lateral (
      select case when c.connected_at is not null then 4 when c.ready_at is not null then 3
                  when c.accepted_at is not null then 2
                  when (select true from offers o
                         where o.call_id = c.id and o.epoch = c.epoch - (c.ended_at is not null)::int limit 1)
                    then 1 else 0 end + (c.ended_at is not null)::int as last offset 0) l
    cross join lateral generate_series(l.last - (c.epoch - c.past_epoch) + 1, l.last) as r (rank)
    cross join lateral (select c.ended_at is not null and r.rank = l.last as ends) e
    left join offers o on o.call_id = c.id and o.epoch = c.epoch - l.last + 1;
