-- A call's state changes five times in its life. Where an index speaks of the state, each change writes the row into
-- every index of the table anew; these speak of times that are set once: who waits for an agent has not been
-- accepted, and who is live has not ended. A third of a page stays free, so that the new row fits beside the old.
alter table calls set (fillfactor = 65);
alter table participants set (fillfactor = 80);

drop index calls_queue;
create index calls_line on calls (site_id, group_id, priority desc, requested_at, id)
  where accepted_at is null and ended_at is null;
drop index calls_live;
create index calls_live on calls (site_id, caller) where ended_at is null;
drop index calls_room;
create unique index calls_room on calls (room) where ended_at is null and room is not null;
drop index calls_history;
create index calls_history on calls (site_id, group_id, accepted_at desc) where accepted_at is not null;
drop index calls_agent;
create index calls_agent on calls (agent_id, ended_at desc) where agent_id is not null;
drop index calls_resume_to_wipe;
create index calls_resume_to_wipe on calls (ended_at) where ended_at is not null and resume_hash is not null;
-- Offers are found by their call and by their agent.
drop index offers_deadline;

create or replace function free_places(site text, most int) returns int language plpgsql volatile as $$
begin
  perform pg_advisory_xact_lock(hashtext('queue'), hashtext(site));
  return most - (select count(*) from (
    select from calls c
     where c.site_id = site and c.state = 'queued' and c.accepted_at is null and c.ended_at is null limit most) q);
end
$$;

create or replace function live_calls(site text, who bigint, most int) returns int language plpgsql volatile as $$
begin
  return (select count(*) from (
    select from calls c where c.site_id = site and c.caller = who and c.ended_at is null limit most) q);
end
$$;

-- match_calls by the rules that 0001 has, but one node at a time: of two that match at once, one holds the oldest call
-- and the other would skip it, and could give a younger one the agent first. Who waits for the other sees what it did.
-- A call of epoch 0 was never offered, so nobody's refusals need a look. Of the agents who look free only those who
-- get a call are locked, and against writers alone: a row that only refers to them holds nothing up. Whom somebody
-- else writes is left out of this run; the next comes with what that other does, or within a second.
-- `spare`: another run may find more, since the agent could take one more, or not all who are free were looked at.
drop function match_calls;
create function match_calls(batch int)
returns table (call uuid, agent uuid, site text, skill text, spare boolean) language plpgsql as $$
#variable_conflict use_column
declare
  sites_  text[];
  skills  text[];
  free    uuid[];
  groups_ text[];
  waiting record;
  turn    int;
  again   boolean;
  calls_  uuid[] := '{}';
  agents_ uuid[] := '{}';
  again_  boolean[] := '{}';
begin
  if not exists (
    select from calls c where c.state = 'queued' and c.accepted_at is null and c.ended_at is null
  ) then return; end if;
  perform pg_advisory_xact_lock(hashtext('matching'));

  select array_agg(g.site_id), array_agg(g.id) into sites_, skills from skill_groups g
   where exists (
     select from calls c where c.site_id = g.site_id and c.group_id = g.id and c.state = 'queued'
        and c.accepted_at is null and c.ended_at is null);
  select array_agg(f.id order by f.idle_since, f.id) into free from (
    select a.id, a.idle_since from agents a
     where a.status = 'available' and a.load < a.capacity and a.wrap_up_call is null
       and a.id in (select m.agent_id from unnest(sites_, skills) as l (site, skill)
                      join agent_groups m on m.site_id = l.site and m.group_id = l.skill)
       and exists (select from connections x join nodes n on n.id = x.node_id
                    where x.agent_id = a.id and n.heartbeat_at > now() - interval '10 seconds')
     order by a.idle_since, a.id limit batch) f;
  if free is null then return; end if;
  if cardinality(skills) > 1 then
    select array_agg((select string_agg(format(' %s/%s ', m.site_id, m.group_id), '')
                        from agent_groups m where m.agent_id = f.id) order by f.turn)
      into groups_ from unnest(free) with ordinality as f (id, turn);
  end if;

  for waiting in
    select q.*
      from (select distinct m.site_id, m.group_id from agent_groups m where m.agent_id = any (free)) g
      cross join lateral (
        select c.id, c.site_id, c.group_id, c.priority, c.requested_at, c.epoch from calls c
         where c.site_id = g.site_id and c.group_id = g.group_id and c.state = 'queued'
           and c.accepted_at is null and c.ended_at is null
           and (c.epoch = 0 or exists (
             select 1 from agent_groups m
              where m.agent_id = any (free) and m.site_id = g.site_id and m.group_id = g.group_id
                and not exists (select 1 from offers o where o.call_id = c.id and o.agent_id = m.agent_id
                                   and o.closed_at > now() - interval '10 seconds')))
         order by c.priority desc, c.requested_at, c.id
         limit cardinality(free) for no key update of c skip locked) q
     order by q.priority desc, q.requested_at, q.id
  loop
    turn := null;
    again := false;
    if waiting.epoch = 0 then
      for i in 1 .. cardinality(free) loop
        continue when free[i] is null;
        continue when position(' ' || waiting.site_id || '/' || waiting.group_id || ' ' in groups_[i]) = 0;
        perform from agents a
          where a.id = free[i] and a.status = 'available' and a.load < a.capacity and a.wrap_up_call is null
            for no key update skip locked;
        turn := i;
        exit when found;
        turn := null;
        free[i] := null;
      end loop;
    else
      loop
        select f.turn, o.refused is not null into turn, again
          from unnest(free) with ordinality as f (id, turn)
          join agent_groups m on m.agent_id = f.id and m.site_id = waiting.site_id and m.group_id = waiting.group_id
          cross join lateral (select max(o.closed_at) as refused from offers o
                               where o.call_id = waiting.id and o.agent_id = f.id) o
         where o.refused is null or o.refused <= now() - interval '10 seconds'
         order by o.refused nulls first, f.turn
         limit 1;
        exit when turn is null;
        perform from agents a
          where a.id = free[turn] and a.status = 'available' and a.load < a.capacity and a.wrap_up_call is null
            for no key update skip locked;
        exit when found;
        free[turn] := null;
      end loop;
    end if;
    continue when turn is null;
    calls_ := calls_ || waiting.id;
    agents_ := agents_ || free[turn];
    again_ := again_ || again;
    free[turn] := null;
    exit when cardinality(agents_) = cardinality(free);
  end loop;

  return query
    with pair as (select * from unnest(calls_, agents_, again_) as p (call_id, agent_id, again)),
    moved as (
      update calls c set state = 'offered', epoch = c.epoch + 1 from pair p
       where c.id = p.call_id and c.state = 'queued'
      returning c.id, c.epoch, c.site_id, c.group_id, p.agent_id, p.again),
    held as (
      insert into offers (call_id, agent_id, epoch, deadline, why)
      select m.id, m.agent_id, m.epoch, now() + make_interval(secs => g.offer_seconds),
             format('in group %s; %s since %s', g.name,
               case when m.again then 'nobody else is free; idle' else 'idle longest,' end,
               to_char(a.idle_since at time zone coalesce(g.hours ->> 'timeZone', 'UTC'), 'HH24:MI'))
        from moved m join agents a on a.id = m.agent_id
        join skill_groups g on g.site_id = m.site_id and g.id = m.group_id),
    noted as (
      insert into call_transitions (call_id, epoch, from_state, to_state, agent_id, reason)
      select m.id, m.epoch, 'queued', 'offered', m.agent_id, 'offered' from moved m),
    loaded as (
      update agents a set load = a.load + 1 from moved m where a.id = m.agent_id
      returning a.id, a.load < a.capacity as spare)
    select m.id, m.agent_id, m.site_id, m.group_id, l.spare or cardinality(free) = batch from moved m join loaded l on l.id = m.agent_id;
end
$$;
