import { RtcDeskError } from '../../protocol/errors.ts';
import type { OwnCallLedger } from '../../protocol/rest/own-call.ts';
import type { Queryable } from '../database/database.ts';
import { ms } from '../views/view-columns.ts';

/** Readings that are told: the newest. */
const MAX_READINGS = 100;

// A supervisor who listens unseen is in no list of a visitor. Agents of a consultation were in another room.
const PEOPLE = `
select coalesce(json_agg(json_build_object(
         'role', p.role, 'name', p.name, 'enteredAt', ${ms('p.entered_at')}, 'leftAt', ${ms('coalesce(p.left_at, c.ended_at)')})
         order by p.entered_at, p.id), '[]')
  from participants p where p.room = c.room and p.entered_at is not null and not p.hidden`;

const RECORDINGS = `
select coalesce(json_agg(json_build_object('type', e.type, 'at', ${ms('e.at')}) order by e.sequence), '[]')
  from call_events e where e.call_id = c.id and e.type like 'recording-%'`;

const READINGS = `
select coalesce(json_agg(json_build_object('what', r.what, 'at', ${ms('r.at')}, 'role', r.role, 'name', r.name)
         order by r.at), '[]')
  from (
    select a.at, a.type, case a.actor when 'unknown' then 'link' else coalesce(g.role, a.actor) end as role, g.name,
           case when a.subject like 'recording:%' then 'recording'
                when a.after ? 'caseFile' then 'case-file'
                when a.after ? 'transcript' then 'conversation' else 'call' end as what
      from audit a left join agents g on g.id = a.agent_id
     where a.site_id = c.site_id and a.type in ('record-read', 'recording-read')
       and a.subject in (
         select 'call:' || c.id
         union all
         select 'recording:' || (e.data ->> 'recording') from call_events e
          where e.call_id = c.id and e.data ->> 'recording' is not null)
       and a.actor in ('agent', 'backend', 'operator', 'unknown') and a.at >= c.ended_at
     order by a.sequence desc limit ${MAX_READINGS}) r`;

const CONSENT = `
select json_build_object('agreed', k.agreed, 'at', ${ms('k.decided_at')}, 'text', t.content -> 'text',
                         'link', t.content -> 'link')
  from call_consents k join consent_texts t on t.site_id = k.site_id and t.version = k.version
 where k.call_id = c.id`;

// As sweep-retention.ts deletes: a conversation goes with its call at the latest, and a picture with its conversation.
const READ = `
select (${PEOPLE}) as people, (select count(*)::int from transcript_lines t where t.call_id = c.id) as captions, (${RECORDINGS}) as recordings, (${READINGS}) as readings, (${CONSENT}) as consent,
       case when c.ended_at is not null then json_build_object(
         'call', ${ms('d.call')}, 'conversation', ${ms('least(d.call, d.chat)')},
         'pictures', ${ms('least(d.call, d.chat, d.pictures)')}) end as deletion
  from calls c join sites s on s.id = c.site_id left join rooms r on r.number = c.room
 cross join lateral (
   select c.ended_at + make_interval(days => s.call_days) as call,
          r.closed_at + make_interval(days => s.chat_days) as chat,
          r.closed_at + make_interval(days => s.picture_days) as pictures) d
 where c.id = $1`;

/** What is kept of a call, who was there, and who has looked at it. Rejects with `not-found` if it was deleted. */
export async function readOwnLedger(db: Queryable, callId: string): Promise<OwnCallLedger> {
  const { rows } = await db.query<OwnCallLedger>(READ, [callId]);
  if (!rows[0]) throw new RtcDeskError('not-found', 'This call was deleted.');
  return rows[0];
}
