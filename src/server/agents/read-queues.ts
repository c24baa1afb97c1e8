import type { WaitingCallView } from '../../protocol/views.ts';
import type { Queryable } from '../database/database.ts';
import { MOMENT, SKILL, ms } from '../database/view-columns.ts';

/** Those who wait for any of some groups, as the agents of just these groups see them. */
export interface Line {
  readonly rev: number;
  /** The database's clock, ms since 1970. */
  readonly now: number;
  readonly waiting: readonly WaitingCallView[];
}

/** The name of the line that the agents of these groups see. */
export function lineOf(site: string, groups: readonly { readonly id: string }[]): string {
  const ids = groups.map(({ id }) => id).sort();
  return `${site}/${ids.join(',')}`;
}

interface Row extends Omit<Line, 'rev'> {
  readonly rev: string;
  readonly line: string;
}

/** Calls shown of a line. */
const SHOWN = 100;

/**
 * The first hundred of each line, in the order in which they would be served; `position` is that in their own group.
 * Params stay out of the list: they are told with the offer, and a hundred of them would make every snapshot a heavy
 * one.
 */
const READ = `
  select ${MOMENT}, asked.line, coalesce((
      select json_agg(w.waiting order by w.priority desc, w.requested_at, w.id) from (
        select l.* from skill_groups g cross join lateral (
          select c.priority, c.requested_at, c.id,
                 json_build_object('id', c.id, 'skill', ${SKILL},
                   'visitor', json_build_object('name', c.visitor_name, 'verified', c.visitor_id is not null,
                     'id', c.visitor_id, 'params', '{}'::json, 'page', c.page, 'language', c.language),
                   'requestedAt', ${ms('c.requested_at')}, 'state', c.state,
                   'position', row_number() over (order by c.priority desc, c.requested_at, c.id)) as waiting
            from calls c
           where c.site_id = g.site_id and c.group_id = g.id and c.accepted_at is null and c.ended_at is null
           order by c.priority desc, c.requested_at, c.id
           limit ${SHOWN}) l
         where g.site_id = split_part(asked.line, '/', 1)
           and g.id = any(string_to_array(split_part(asked.line, '/', 2), ','))
         order by l.priority desc, l.requested_at, l.id
         limit ${SHOWN}) w), '[]') as waiting
    from unnest($1::text[]) as asked (line)`;

/** Reads lines, by the names that `lineOf` gives them: each once, and all in one statement. */
export async function readLines(
  db: Queryable,
  lines: Iterable<string>,
): Promise<ReadonlyMap<string, Line>> {
  const asked = [...new Set(lines)];
  if (asked.length === 0) return new Map();
  const { rows } = await db.query<Row>(READ, [asked]);
  return new Map(
    rows.map(({ line, rev, now, waiting }) => [line, { rev: Number(rev), now, waiting }]),
  );
}
