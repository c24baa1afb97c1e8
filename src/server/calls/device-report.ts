import type { DeviceReport } from '../../protocol/device-report.ts';
import { RtcDeskError } from '../../protocol/errors.ts';
import type { Database } from '../database/database.ts';
import { isPlainText } from '../database/storable-text.ts';
import { ms } from '../views/view-columns.ts';
import { notifyCalls, type CallChange } from './call-change.ts';

const WRITE = `
with target as (
  select c.* from calls c where c.id = $1 and c.ended_at is null for no key update),
written as (
  insert into call_device_reports as r (call_id, report)
  select t.id, $2 from target t
  on conflict (call_id) do update set report = excluded.report, sent_at = now()
  returning r.call_id)
select t.id as call_id, t.site_id, t.group_id, t.room,
       array(select l.agent_id from legs l where l.call_id = t.id and l.state in ('offered', 'accepted', 'joined'))
         as agent_ids
  from target t join written w on w.call_id = t.id`;

/**
 * Keeps the report of a visitor's device test with the call, and shows it to the agent. A later report replaces it. Rejects
 * with `conflict` if the call is over. Rejects with `bad-message` if the database cannot store a text.
 */
export async function writeDeviceReport(
  db: Database,
  callId: string,
  report: DeviceReport,
): Promise<void> {
  if (!textsOf(report).every(isPlainText)) {
    throw new RtcDeskError('bad-message', 'A text of the report cannot be stored.');
  }
  const { rows } = await db.query<CallChange>(WRITE, [callId, JSON.stringify(report)]);
  if (rows.length === 0) throw new RtcDeskError('conflict', 'This call is over.');
  notifyCalls(db, rows);
}

function textsOf({ agent, checks }: DeviceReport): string[] {
  return [
    agent,
    ...checks.flatMap(({ code, data }) => [code ?? '', ...Object.entries(data).flat().map(String)]),
  ];
}

/** SQL: the whole report of the row `c` of calls, and when it was sent; null without one. */
export const WHOLE_DEVICE_REPORT = `(
  select json_build_object('sentAt', ${ms('d.sent_at')}, 'report', d.report)
    from call_device_reports d where d.call_id = c.id)`;

/** SQL: the report of the row `c` of calls with the checks that did not pass, as agents see it; null without one. */
export const DEVICE_REPORT = `(
  select json_build_object(
           'at', (d.report ->> 'at')::float8,
           'faults', coalesce((select json_agg(json_build_object('id', k -> 'id', 'status', k -> 'status', 'code', k -> 'code'))
                                 from jsonb_array_elements(d.report -> 'checks') k
                                where k ->> 'status' in ('warning', 'failed')), '[]'))
    from call_device_reports d where d.call_id = c.id)`;
