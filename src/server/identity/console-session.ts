import { RtcDeskError } from '../../protocol/errors.ts';
import type { ConsoleSession } from '../../protocol/rest/console-session.ts';
import type { Queryable } from '../database/database.ts';
import { ms } from '../views/view-columns.ts';
import { permissionsOf } from './permissions.ts';
import { sessionHash } from './session-hash.ts';

/** Who signs in at the console. */
export const CONSOLE_ROLES = ['supervisor', 'admin', 'owner'] as const;

type Row = Omit<ConsoleSession, 'may'>;

const READ = `
select ${ms('t.expires_at')} as "expiresAt",
       json_build_object('id', s.id, 'name', s.name, 'timeZone', s.time_zone) as site,
       json_build_object('id', a.id, 'username', a.username, 'name', a.name, 'role', a.role) as agent,
       array(select m.group_id from memberships m where m.agent_id = a.id order by m.group_id) as groups,
       a.second_factor is not null as "secondFactor",
       (select count(*)::int from recovery_codes r where r.agent_id = a.id) as "recoveryCodes"
  from agent_sessions t join agents a on a.id = t.agent_id join sites s on s.id = a.site_id
 where t.token_hash = $1 and t.expires_at > now() and a.disabled_at is null and a.password_hash is not null
   and a.role = any ($2::text[])`;

/** What the console is told about its session. Rejects with `unauthorized`. */
export async function readConsoleSession(db: Queryable, token: string): Promise<ConsoleSession> {
  const { rows } = await db.query<Row>(READ, [sessionHash(token), CONSOLE_ROLES]);
  if (!rows[0]) throw new RtcDeskError('unauthorized', 'There is no such session.');
  const { role } = rows[0].agent;
  return { ...rows[0], may: permissionsOf({ kind: 'session', role }) };
}
