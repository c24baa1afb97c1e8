import assert from 'node:assert/strict';
import type { Queryable } from '../../../src/server/database/database.ts';

/** What must hold in the tables after every step (DESIGN 2 and 7); each query names its breaches. */
const BREACHES: Readonly<Record<string, string>> = {
  'an agent’s load is the offers and calls held': `
    select a.name, a.load from agents a where a.load <>
      (select count(*) from offers o where o.agent_id = a.id and o.state = 'active')
      + (select count(*) from calls c where c.agent_id = a.id and c.state in ('accepted', 'ready', 'connected'))`,
  'a call is offered exactly while it has an active offer, of its epoch': `
    select c.id, c.state from calls c left join offers o on o.call_id = c.id and o.state = 'active'
     where (c.state = 'offered') <> (o.id is not null) or o.epoch <> c.epoch`,
  'an offer is active exactly while it is not closed, a call lives exactly while its end has no reason': `
    select id from offers where (state = 'active') <> (closed_at is null)
     union all
    select id from calls where (ended_at is null) <> (ended_reason is null)`,
  'no two live calls have one agent': `
    select agent_id from calls where state in ('accepted', 'ready', 'connected')
     group by agent_id having count(*) > 1`,
  'a queued or offered call has neither room nor agent': `
    select id from calls where state in ('queued', 'offered') and (room is not null or agent_id is not null)`,
  'the visitor has a join only from ready on': `
    select p.id from participants p join rooms r on r.number = p.room join calls c on c.id = r.call_id
     where p.role = 'visitor' and p.left_at is null and r.closed_at is null
       and not (c.room = p.room and c.state in ('ready', 'connected'))`,
  'one join of the visitor while ready or connected': `
    select c.id from calls c where c.state in ('ready', 'connected') and 1 <> (
      select count(*) from participants p where p.room = c.room and p.role = 'visitor' and p.left_at is null)`,
  'a room is open exactly while it is a live call’s': `
    select r.number from rooms r join calls c on c.id = r.call_id
     where (r.closed_at is null) <> (c.state in ('accepted', 'ready', 'connected') and c.room = r.number)`,
  'the record has every step, without a gap': `
    select c.id from calls c join call_transitions t on t.call_id = c.id group by c.id
     having count(*) <> c.epoch + 1 or max(t.epoch) <> c.epoch`,
  'each step of the record begins where the one before ended': `
    select * from (select from_state, lag(to_state) over (partition by call_id order by epoch) as before
                     from call_transitions) t where from_state is distinct from before`,
};

export async function assertSound(db: Queryable): Promise<void> {
  for (const [promise, breach] of Object.entries(BREACHES)) {
    assert.deepEqual((await db.query(breach)).rows, [], promise);
  }
}
