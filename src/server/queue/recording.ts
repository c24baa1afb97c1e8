/**
 * CTEs for a step that a call's own row will not tell of: it goes back to where it came from, or does something besides
 * moving on. `step` selects `call_id, epoch, from_state, to_state, agent_id, reason` of each call that took it, whose
 * `past_epoch` becomes that epoch. What the row told so far is written down along with it: the statement sees the row as
 * it was (migration 0014 has the view that puts both together).
 */
export const recording = (step: string): string => `
step (call_id, epoch, from_state, to_state, agent_id, reason) as materialized (${step}),
recorded as (
  insert into past_transitions (call_id, epoch, from_state, to_state, agent_id, reason, at)
  select t.call_id, t.epoch, t.from_state, t.to_state, t.agent_id, t.reason, t.at
    from step s join recent_transitions t on t.call_id = s.call_id
   union all
  select call_id, epoch, from_state, to_state, agent_id, reason, clock_timestamp() from step)`;
