import { timeouts } from '../settings/timeouts.ts';

/**
 * What an entering does to its call. `inside` names a CTE with `role, agent_id, call_id, room` of each
 * join that counts as inside from now on, and in `visitor_join` an id for the visitor's join. The agent's
 * entering makes the call `ready` and, in the same statement, the visitor's join; the visitor's makes it
 * `connected`. Leaves `moved`, the call's row where it did move.
 */
export const entering = (inside: string): string => `
moved as (
  update calls c
     set epoch = c.epoch + 1,
         state = case c.state when 'accepted' then 'ready' else 'connected' end,
         ready_at = coalesce(c.ready_at, clock_timestamp()),
         connected_at = case c.state when 'ready' then clock_timestamp() end,
         enter_by = case c.state when 'accepted'
                      then now() + make_interval(secs => ${timeouts.enterVisitor}) end
    from ${inside} i
   where c.id = i.call_id and c.room = i.room and (
     (i.role = 'agent' and c.state = 'accepted' and c.agent_id = i.agent_id)
     or (i.role = 'visitor' and c.state = 'ready'))
  returning c.*, i.visitor_join),
admitted as (
  insert into participants (id, room, role, name, verified)
  select m.visitor_join, m.room, 'visitor', m.visitor_name, m.visitor_id is not null from moved m
   where m.state = 'ready')`;
