import type { ConsentDecision } from '../../protocol/client-messages.ts';
import type { Queryable } from '../database/database.ts';

// The visitor's clock may be wrong: nobody agrees in the future.
const WRITE = `
with decided as (
  insert into call_consents (call_id, site_id, version, agreed, decided_at, remembered)
  select c.id, c.site_id, $2, $3, least(now(), 'epoch'::timestamptz + $4::float8 * interval '1 millisecond'),
         $3 and $4 is not null
    from calls c where c.id = $1
  on conflict (call_id) do update
    set version = excluded.version, agreed = excluded.agreed, decided_at = excluded.decided_at,
        remembered = excluded.remembered
  returning call_id, version, agreed, remembered),
counted as (
  update calls c set event_count = c.event_count + 1 from decided d where c.id = d.call_id
  returning c.id, c.event_count)
insert into call_events (call_id, sequence, type, actor, data)
select d.call_id, c.event_count, case when d.agreed then 'consent-agreed' else 'consent-refused' end, 'visitor',
       jsonb_build_object('version', d.version, 'remembered', d.remembered)
  from decided d join counted c on c.id = d.call_id`;

/** Keeps with a call what its visitor has decided about the current text of the site. A later decision replaces it. */
export async function writeConsent(
  tx: Queryable,
  callId: string,
  { version, agreed, since }: ConsentDecision,
): Promise<void> {
  await tx.query(WRITE, [callId, version, agreed, since ?? null]);
}
