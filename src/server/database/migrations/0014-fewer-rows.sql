-- What follows from other rows is no longer written down beside them.

-- The steps of a call that its own row does not tell any more: those up to `past_epoch`, written when the call went
-- back to the queue, or did something besides moving on. The later ones follow from its row and its offer.
alter table call_transitions rename to past_transitions;
alter table calls add column past_epoch int not null default -1;
update calls set past_epoch = epoch;

-- By rank: queued 0, offered 1, accepted 2, ready 3, connected 4; the end comes after whichever was the last.
create view recent_transitions as
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
                  when exists (select from offers o where o.call_id = c.id and o.epoch = c.epoch - (c.ended_at is not null)::int)
                    then 1 else 0 end + (c.ended_at is not null)::int as last) l
    cross join lateral generate_series(l.last - (c.epoch - c.past_epoch) + 1, l.last) as r (rank)
    cross join lateral (select c.ended_at is not null and r.rank = l.last as ends) e
    left join offers o on o.call_id = c.id and o.epoch = c.epoch - l.last + 1;

-- When a step was taken is read off the clock as it is taken: now() is when the statement came, which may have waited for
-- another one since, and would then seem to have been the first.
alter table offers alter column offered_at set default clock_timestamp();

create view call_transitions as
  select call_id, epoch, from_state, to_state, agent_id, reason, at from past_transitions
  union all
  select call_id, epoch, from_state, to_state, agent_id, reason, at from recent_transitions;

-- Which socket is in a room by a join stands with the join, whose row is written then anyway; a socket's row is in
-- five indexes. Whose room a socket is in follows from its call or its agent; a guest comes for one room alone.
alter table participants add column connection_id uuid;
update participants p set connection_id = x.id from connections x where x.participant_id = p.id;
alter table connections add column room int;
update connections x set room = p.room from participants p where p.id = x.participant_id and x.role = 'guest';
alter table connections drop column participant_id;
-- A node dies rarely, and then its rows are a good part of the table.
drop index connections_node_id_idx;

-- A room that closes shows everyone out: `left_at` tells of those who went before.

-- Each of these is written only when it may be asked for: a live call is found by its agent, an ended one in the
-- history of its site and of its group. A room's number belongs to one
-- call by the key of rooms, and is known wherever a call's room is asked for.
drop index calls_room;
drop index rooms_call_id_idx;
drop index calls_agent;
create index calls_agent on calls (agent_id) where agent_id is not null and ended_at is null;
drop index calls_history;
create index calls_history on calls (site_id, group_id, accepted_at desc)
  where ended_at is not null and accepted_at is not null;
drop index calls_of_site;
create index calls_of_site on calls (site_id, requested_at desc, id desc) where ended_at is not null;
drop index rooms_open;
create index rooms_open on rooms (created_at) where call_id is null;
alter table rooms set (fillfactor = 80);

-- A key that refers to another row is looked up at each write. In these the row was written, or read, by the very
-- statement that refers to it, and calls and rooms are never deleted; a call's site is that of its group.
alter table calls drop constraint calls_site_id_fkey;
alter table offers drop constraint offers_call_id_fkey;
alter table rooms drop constraint rooms_call_id_fkey, drop constraint rooms_site_id_fkey;
alter table participants drop constraint participants_room_fkey;
alter table connections drop constraint connections_call_id_fkey;
