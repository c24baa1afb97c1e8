-- match_calls by the rules that 0001 has, one node at a time as 0013 says, and reading no more than it may need: first
-- who waits, without a lock, then of each group little more of its free agents than calls wait (where one of these was
-- offered before, as many as there are: some may have refused it), and whether an agent is really there only until so
-- many are found. The calls that may find one are locked as they are read, an agent as a call is given to them, against
-- writers alone; what somebody else writes at this moment is left out of this run, and comes with the next.
-- `spare`: another run may find more, since the agent could take one more, or not all who wait or are free were looked at.
create or replace function match_calls(batch int)
returns table (call uuid, agent uuid, site text, skill text, spare boolean) language plpgsql as $$
#variable_conflict use_column
declare
  sites_  text[];
  skills  text[];
  waiting int;
  most    int;
  free    uuid[];
  groups_ text[];
  next    record;
  first   int := 1;
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

  -- The groups with a line, by one look into the index for each, and how many wait in them.
  with recursive line as (
    (select c.site_id, c.group_id from calls c where c.accepted_at is null and c.ended_at is null
      order by c.site_id, c.group_id limit 1)
    union all
    select n.site_id, n.group_id from line l cross join lateral (
      select c.site_id, c.group_id from calls c where c.accepted_at is null and c.ended_at is null
         and (c.site_id, c.group_id) > (l.site_id, l.group_id)
       order by c.site_id, c.group_id limit 1) n)
  -- Eight more than wait: somebody else may be writing a few of them.
  select array_agg(l.site_id), array_agg(l.group_id), least(sum(w.calls), batch),
         case when bool_or(w.offered) then batch else least(sum(w.calls) + 8, batch) end
    into sites_, skills, waiting, most
    from line l cross join lateral (
      select count(*) as calls, bool_or(q.epoch > 0) as offered from (
        select c.epoch from calls c
         where c.site_id = l.site_id and c.group_id = l.group_id and c.state = 'queued'
           and c.accepted_at is null and c.ended_at is null limit batch) q) w
   where w.calls > 0;
  if waiting is null then return; end if;

  select array_agg(f.id order by f.idle_since, f.id) into free from (
    select distinct there.id, there.idle_since from unnest(sites_, skills) as l (site, skill) cross join lateral (
      select a.id, a.idle_since from (
        select a.id, a.idle_since from agent_groups m join agents a on a.id = m.agent_id
         where m.site_id = l.site and m.group_id = l.skill
           and a.status = 'available' and a.load < a.capacity and a.wrap_up_call is null
         -- A fence: whether they are there is asked in this order, and of as few as will do.
         order by a.idle_since, a.id offset 0) a
       where exists (select from connections x join nodes n on n.id = x.node_id
                      where x.agent_id = a.id and n.heartbeat_at > now() - interval '10 seconds')
       limit most) there) f;
  if free is null then return; end if;
  if cardinality(skills) > 1 then
    select array_agg((select string_agg(format(' %s/%s ', m.site_id, m.group_id), '')
                        from agent_groups m where m.agent_id = f.id) order by f.turn)
      into groups_ from unnest(free) with ordinality as f (id, turn);
  end if;

  for next in
    select q.* from unnest(sites_, skills) as l (site, skill) cross join lateral (
        select c.id, c.site_id, c.group_id, c.priority, c.requested_at, c.epoch from calls c
         where c.site_id = l.site and c.group_id = l.skill and c.state = 'queued'
           and c.accepted_at is null and c.ended_at is null
           and (c.epoch = 0 or exists (
             select 1 from agent_groups m
              where m.agent_id = any (free) and m.site_id = l.site and m.group_id = l.skill
                and not exists (select 1 from offers o where o.call_id = c.id and o.agent_id = m.agent_id
                                   and o.closed_at > now() - interval '10 seconds')))
         order by c.priority desc, c.requested_at, c.id
         limit cardinality(free) for no key update of c skip locked) q
     order by q.priority desc, q.requested_at, q.id
  loop
    while first <= cardinality(free) and free[first] is null loop
      first := first + 1;
    end loop;
    exit when first > cardinality(free);
    loop
      turn := null;
      again := false;
      if next.epoch = 0 then
        -- Never offered: nobody's refusals need a look.
        for i in first .. cardinality(free) loop
          continue when free[i] is null
            or position(' ' || next.site_id || '/' || next.group_id || ' ' in groups_[i]) = 0;
          turn := i;
          exit;
        end loop;
      else
        select f.turn, o.refused is not null into turn, again
          from unnest(free) with ordinality as f (id, turn)
          join agent_groups m on m.agent_id = f.id and m.site_id = next.site_id and m.group_id = next.group_id
          cross join lateral (select max(o.closed_at) as refused from offers o
                               where o.call_id = next.id and o.agent_id = f.id) o
         where o.refused is null or o.refused <= now() - interval '10 seconds'
         order by o.refused nulls first, f.turn
         limit 1;
      end if;
      exit when turn is null;
      perform from agents a
        where a.id = free[turn] and a.status = 'available' and a.load < a.capacity and a.wrap_up_call is null
          for no key update skip locked;
      exit when found;
      free[turn] := null;
    end loop;
    continue when turn is null;
    calls_ := calls_ || next.id;
    agents_ := agents_ || free[turn];
    again_ := again_ || again;
    free[turn] := null;
  end loop;

  return query
    with pair as (select * from unnest(calls_, agents_, again_) as p (call_id, agent_id, again)),
    moved as (
      update calls c set state = 'offered', epoch = c.epoch + 1 from pair p
       where c.id = p.call_id and c.state = 'queued'
      returning c.id, c.epoch, c.site_id, c.group_id, p.agent_id, p.again),
    loaded as (
      update agents a set load = a.load + 1 from moved m where a.id = m.agent_id
      returning a.id, a.idle_since, a.load < a.capacity as spare),
    held as (
      insert into offers (call_id, agent_id, epoch, deadline, why)
      select m.id, m.agent_id, m.epoch, now() + make_interval(secs => g.offer_seconds),
             format('in group %s; %s since %s', g.name,
               case when m.again then 'nobody else is free; idle' else 'idle longest,' end,
               to_char(l.idle_since at time zone coalesce(g.hours ->> 'timeZone', 'UTC'), 'HH24:MI'))
        from moved m join loaded l on l.id = m.agent_id
        join skill_groups g on g.site_id = m.site_id and g.id = m.group_id)
    select m.id, m.agent_id, m.site_id, m.group_id,
           l.spare or waiting = batch or cardinality(calls_) < waiting and cardinality(free) >= most
      from moved m join loaded l on l.id = m.agent_id;
end
$$;
