/** For the row `c` of calls: has ended, and the agent $1 may read it. */
export const READABLE = `
  c.state = 'ended' and c.site_id = (select a.site_id from agents a where a.id = $1)
  and (exists (select from legs rl where rl.call_id = c.id and rl.agent_id = $1 and rl.accepted_at is not null)
       or (c.visitor_id is not null
           and exists (select from memberships m
                        where m.agent_id = $1 and m.site_id = c.site_id and m.group_id = c.group_id)
           and exists (select from legs nl join calls nc on nc.id = nl.call_id
                        where nl.agent_id = $1 and nc.visitor_id = c.visitor_id and nc.id <> c.id
                          and (nl.state in ('offered', 'accepted', 'joined')
                               or (nl.state = 'left' and nl.wrap_up_until > now())))))`;
