-- match_calls as 0009 has it, but one node at a time: of two that match at once, one holds the oldest call and the
-- other would skip it, and could give a younger one the agent first. Who waits for the other sees what it did. And
-- it says where an agent could take one more, so that a run that left nothing needs no other to find that out.
drop function match_calls;
create function match_calls(batch int)
returns table (call uuid, agent uuid, site text, skill text, spare boolean) language plpgsql as $$
#variable_conflict use_column
declare
  free    uuid[];
  waiting record;
  picked  record;
  calls_  uuid[] := '{}';
  agents_ uuid[] := '{}';
  again_  boolean[] := '{}';
begin
  if not exists (select from calls c where c.state = 'queued') then return; end if;
  perform pg_advisory_xact_lock(hashtext('matching'));

  select array_agg(f.id order by f.idle_since, f.id) into free from (
    select a.id, a.idle_since from agents a
     where a.status = 'available' and a.load < a.capacity and a.wrap_up_call is null
       and a.id in (
         select m.agent_id from skill_groups g join agent_groups m on m.site_id = g.site_id and m.group_id = g.id
          where exists (select from calls c
                         where c.site_id = g.site_id and c.group_id = g.id and c.state = 'queued'))
       and exists (select 1 from connections x join nodes n on n.id = x.node_id
                    where x.agent_id = a.id and n.heartbeat_at > now() - interval '10 seconds')
     order by a.idle_since, a.id limit batch for update of a skip locked) f;
  if free is null then return; end if;

  for waiting in
    select q.* from (select distinct m.site_id, m.group_id from agent_groups m where m.agent_id = any (free)) g
      cross join lateral (
        select c.id, c.site_id, c.group_id, c.priority, c.requested_at,
               exists (select from offers o where o.call_id = c.id) as offered_before
          from calls c
         where c.site_id = g.site_id and c.group_id = g.group_id and c.state = 'queued'
           and exists (
             select 1 from agent_groups m
              where m.agent_id = any (free) and m.site_id = g.site_id and m.group_id = g.group_id
                and not exists (select 1 from offers o where o.call_id = c.id and o.agent_id = m.agent_id
                                   and o.closed_at > now() - interval '10 seconds'))
         order by c.priority desc, c.requested_at, c.id
         limit cardinality(free) for update of c skip locked) q
     order by q.priority desc, q.requested_at, q.id
  loop
    if waiting.offered_before then
      select f.id, o.refused is not null as again into picked
        from unnest(free) with ordinality as f (id, turn)
        join agent_groups m on m.agent_id = f.id and m.site_id = waiting.site_id and m.group_id = waiting.group_id
        cross join lateral (select max(o.closed_at) as refused from offers o
                             where o.call_id = waiting.id and o.agent_id = f.id) o
       where o.refused is null or o.refused <= now() - interval '10 seconds'
       order by o.refused nulls first, f.turn
       limit 1;
    else
      select f.id, false as again into picked
        from unnest(free) with ordinality as f (id, turn)
       where exists (select from agent_groups m where m.agent_id = f.id
                        and m.site_id = waiting.site_id and m.group_id = waiting.group_id)
       order by f.turn
       limit 1;
    end if;
    continue when picked.id is null;
    free := array_remove(free, picked.id);
    calls_ := calls_ || waiting.id;
    agents_ := agents_ || picked.id;
    again_ := again_ || picked.again;
    exit when cardinality(free) = 0;
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
    select m.id, m.agent_id, m.site_id, m.group_id, l.spare from moved m join loaded l on l.id = m.agent_id;
end
$$;
