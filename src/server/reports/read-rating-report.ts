import { RtcDeskError } from '../../protocol/errors.ts';
import type { RatingReport, RatingReportQuery } from '../../protocol/rest/rating-report.ts';
import type { Queryable } from '../database/database.ts';
import { isDay, type ReportScope } from './read-report.ts';

const READ = `
with summed as (
  select case $6 when 'group' then d.group_id when 'agent' then d.agent_id::text else to_char(d.day, 'YYYY-MM-DD') end as key,
         sum(d.ratings)::int as ratings, sum(d.points)::float8 as points
    from rating_days d
   where d.site_id = $1 and d.day between $2::date and $3::date
     and ($4::text[] is null or d.group_id = any ($4)) and ($5::text is null or d.group_id = $5)
   group by 1)
select t.key, coalesce(g.name, a.name) as name, t.ratings, t.points
  from summed t
  left join skill_groups g on $6 = 'group' and g.site_id = $1 and g.id = t.key
  left join agents a on $6 = 'agent' and a.site_id = $1 and a.id::text = t.key
 order by g.position, lower(a.name), t.key`;

interface Row {
  readonly key: string | null;
  readonly name: string | null;
  readonly ratings: number;
  readonly points: number;
}

/** How visitors rated calls of these days. Rejects with `bad-message` for a day that does not exist. */
export async function readRatingReport(
  db: Queryable,
  { siteId, groups }: ReportScope,
  { from, to, by, group }: RatingReportQuery,
): Promise<RatingReport> {
  for (const [name, day] of Object.entries({ from, to })) {
    if (!isDay(day)) throw new RtcDeskError('bad-message', `${name}: there is no such day.`);
  }
  const { rows } = await db.query<Row>(READ, [siteId, from, to, groups, group ?? null, by]);
  const ratings = rows.reduce((sum, row) => sum + row.ratings, 0);
  const points = rows.reduce((sum, row) => sum + row.points, 0);
  return {
    rows: rows.map(({ key, name, ...sums }) => ({ key, name, ...figures(sums) })),
    total: figures({ ratings, points }),
  };
}

const figures = ({ ratings, points }: Pick<Row, 'ratings' | 'points'>) => ({
  ratings,
  average: ratings === 0 ? null : points / ratings,
});
