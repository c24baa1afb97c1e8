import { RtcDeskError } from '../../protocol/errors.ts';
import type { Database, Queryable } from '../database/database.ts';
import { requireAuthor } from './require-author.ts';
import { writeNote } from './save-note.ts';
import { WRAP_UP_BOUND } from './wrap-up-time.ts';

/** Seconds that are left for the note after a required disposition was chosen late. */
const SECONDS_FOR_NOTE = 30;

const IS_CHOICE = `
select from dispositions d
 where d.site_id = $1 and d.code = $2 and d.retired_at is null
   and not exists (select from dispositions s where s.site_id = d.site_id and s.parent_code = d.code)`;

const SET = `
update legs l
   set disposition = $2,
       wrap_up_until = case
         when l.state <> 'left' or not g.disposition_required then l.wrap_up_until
         when $2::text is null then ${WRAP_UP_BOUND}
         when l.disposition is null
           then least(${WRAP_UP_BOUND}, greatest(l.left_at + make_interval(secs => g.wrap_up_seconds),
                                                 now() + make_interval(secs => ${SECONDS_FOR_NOTE})))
         else l.wrap_up_until end
  from skill_groups g
 where l.id = $1 and g.site_id = l.site_id and g.id = l.group_id
returning l.agent_id`;

export interface DispositionChange {
  readonly callId: string;
  /** Who chooses it. */
  readonly agentId: string;
  /** A leaf of the site's tree; null: none. */
  readonly code: string | null;
  /** Becomes the agent's note; undefined: the note stays. */
  readonly note?: string | undefined;
}

/** Rejects with `forbidden`, and with `bad-message` for a code that cannot be chosen or a note that is no text. */
export async function setDisposition(
  db: Database,
  { callId, agentId, code, note }: DispositionChange,
): Promise<void> {
  const agents = await db.transaction(async (tx) => {
    const { siteId, legId } = await requireAuthor(tx, { callId, agentId });
    if (code !== null) await requireChoice(tx, siteId, code);
    const { rows } = await tx.query<{ agent_id: string }>(SET, [legId, code]);
    if (note !== undefined) await writeNote(tx, { callId, agentId, text: note });
    return rows.map((row) => row.agent_id);
  });
  db.wake.notify(`agent:${agentId}`, ...agents.map((id) => `agent:${id}` as const));
}

async function requireChoice(tx: Queryable, siteId: string, code: string): Promise<void> {
  const { rowCount } = await tx.query(IS_CHOICE, [siteId, code]);
  if (rowCount > 0) return;
  throw new RtcDeskError('bad-message', `The site has no disposition "${code}" to choose.`);
}
