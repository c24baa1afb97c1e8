import type { CaptionLine } from '../../protocol/rest/captions.ts';
import type { Queryable } from '../database/database.ts';

const READ = `
select id, "from", name, role, at, language, text, translations from caption_lines where call_id = $1 order by at, id`;

/** What was said in a call, in the order in which it was begun. Empty where nothing is kept. */
export async function readCaptions(db: Queryable, callId: string): Promise<CaptionLine[]> {
  return (await db.query<CaptionLine>(READ, [callId])).rows;
}
