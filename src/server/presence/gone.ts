/**
 * SQL: whether nobody is there. `gone_at` and `visitor_gone_at` alone can be out of date for a moment, so the
 * connections are asked as well.
 */

/** `agent` is the alias of a row of `agents`. */
export function agentIsGone(agent: string): string {
  return `(${agent}.gone_at is not null and not exists (select from connections x where x.agent_id = ${agent}.id))`;
}

/** `call` is the alias of a row of `calls`. */
export function visitorIsGone(call: string): string {
  return `(${call}.visitor_gone_at is not null and not exists (select from connections x where x.call_id = ${call}.id))`;
}
