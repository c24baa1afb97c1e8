import { RtcDeskError } from '../../protocol/errors.ts';
import type { OwnCallback } from '../../protocol/rest/own-callback.ts';
import type { Queryable } from '../database/database.ts';
import { ms } from '../views/view-columns.ts';

const READ = `
select f.site_id as site, s.name as "siteName", g.name as "group", b.state, ${ms('b.next_at')} as "nextAt",
       ${ms('b.expires_at')} as "expiresAt",
       (select ${ms('c.enter_by')} from calls c where c.callback_id = b.id and c.state = 'ready') as "answerBy",
       case when not exists (
         select from calls c join call_consents k on k.call_id = c.id
          where (c.id = f.call_id or c.callback_id = f.id) and k.agreed and k.version = consent_version(s.consent))
       then s.consent || jsonb_build_object('version', consent_version(s.consent)) end as consent
  from follow_ups f
  join sites s on s.id = f.site_id
  join skill_groups g on g.site_id = f.site_id and g.id = f.group_id
  left join callbacks b on b.id = f.id
 where f.id = $1`;

/** What the visitor who has the code of a message or callback is told. Rejects with `not-found` if it was deleted. */
export async function readOwnCallback(
  db: Queryable,
  id: string,
): Promise<Omit<OwnCallback, 'pushKey'>> {
  const { rows } = await db.query<Omit<OwnCallback, 'pushKey'>>(READ, [id]);
  if (!rows[0]) throw new RtcDeskError('not-found', 'This message or callback was deleted.');
  return rows[0];
}
