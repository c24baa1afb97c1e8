import { RtcDeskError } from '../../protocol/errors.ts';
import type { Flow } from '../../protocol/flow.ts';
import type { Wait, WaitQuery } from '../../protocol/rest/wait.ts';
import { readWaits } from '../calls/estimate-wait.ts';
import type { Queryable } from '../database/database.ts';
import { ms } from '../views/view-columns.ts';
import { readFlowVersion } from './flow-version.ts';
import { reachableGroups } from './reachable-groups.ts';

interface Target {
  readonly now: number;
  /** The flow that is asked for, else the site's default flow; null: none. */
  readonly flow: string | null;
  /** Its published version; null: none. */
  readonly version: string | null;
}

interface Group {
  readonly id: string;
  readonly hours: string | null;
}

/** The groups that a call can reach at a time, and when some hours change next. */
interface Reach {
  readonly groups: ReadonlySet<string>;
  readonly changesAt: number | null;
}

/** Changes of hours to look at, until one of them changes whether a call reaches a queue. */
const MAX_CHANGES = 30;

const TARGET = `
select ${ms('now()')} as now, f.id as flow, v.id as version
  from sites s
  left join flows f on f.site_id = s.id and case when $2::text is null then f.is_default else f.id = $2 end
  left join flow_versions v on v.site_id = f.site_id and v.flow_id = f.id and v.version = f.published_version
 where s.id = $1`;

const GROUPS = 'select id, hours from skill_groups where site_id = $1 order by position, id';

const HOURS = `
select h.id, is_open(h.schedule, s.time_zone, t.at) as open,
       ${ms('next_change(h.schedule, s.time_zone, t.at)')} as "changesAt"
  from hours h join sites s on s.id = h.site_id
 cross join (select to_timestamp($3::float8 / 1000) as at) t
 where h.site_id = $1 and h.id = any ($2::text[])`;

/**
 * What a visitor may know before the press: whether a call that came now would reach a queue, until when that holds,
 * and how long it would likely wait. Rejects with `unknown-site` and `unknown-skill`.
 */
export async function readWait(
  db: Queryable,
  siteId: string,
  { skill, flow }: WaitQuery,
): Promise<Wait> {
  const [target] = (await db.query<Target>(TARGET, [siteId, flow ?? null])).rows;
  if (!target) throw new RtcDeskError('unknown-site', 'No such site.');
  const groups = (await db.query<Group>(GROUPS, [siteId])).rows;
  const document = skill === undefined ? await readDocument(db, target, flow) : null;
  const group = document ? null : groups.find(({ id }) => skill === undefined || id === skill);
  if (!document && !group) throw new RtcDeskError('unknown-skill', 'No such skill group.');
  const used = hoursOf(document, group ? [group] : groups);

  const reachAt = async (at: number): Promise<Reach> => {
    const { rows } = await db.query<{ id: string; open: boolean; changesAt: number | null }>(
      HOURS,
      [siteId, used, at],
    );
    const hours = new Set(rows.flatMap(({ id, open }) => (open ? [id] : [])));
    const isOpen = (one: Group): boolean => one.hours === null || hours.has(one.hours);
    const open = new Set((group ? [group] : groups).filter(isOpen).map(({ id }) => id));
    const changes = rows.flatMap(({ changesAt }) => changesAt ?? []);
    return {
      groups: document ? reachableGroups(document, { hours, groups: open }) : open,
      changesAt: changes.length > 0 ? Math.min(...changes) : null,
    };
  };

  const reached = await reachAt(target.now);
  const open = reached.groups.size > 0;
  const until = await whenChanges(reached, reachAt);
  const waits = [...(await readWaits(db, siteId, [...reached.groups])).values()];
  const estimate =
    waits.length > 0
      ? {
          min: Math.min(...waits.map(({ min }) => min)),
          max: Math.max(...waits.map(({ max }) => max)),
        }
      : null;
  const late = open && until !== null && target.now + (estimate?.max ?? 0) * 1000 > until;
  return { open, until, estimate, late };
}

/** The flow that a call would run; null: none. Rejects where it is not published. */
async function readDocument(
  db: Queryable,
  target: Target,
  asked: string | undefined,
): Promise<Flow | null> {
  if (target.flow === null && asked === undefined) return null;
  if (target.version === null) throw new RtcDeskError('unknown-skill', 'No such published flow.');
  return (await readFlowVersion(db, target.version)).document;
}

/** The hours that the flow and its groups use. */
function hoursOf(flow: Flow | null, groups: readonly Group[]): readonly string[] {
  const steps = Object.values(flow?.nodes ?? {});
  const inFlow = steps.flatMap((step) => (step.type === 'hours' ? [step.hours] : []));
  const queues = new Set(steps.flatMap((step) => (step.type === 'queue' ? [step.group] : [])));
  const used = groups.filter(({ id }) => flow === null || queues.has(id));
  return [...new Set([...inFlow, ...used.flatMap(({ hours }) => hours ?? [])])];
}

/** When it changes whether any queue is reached; null: within 31 days, or within MAX_CHANGES changes, it does not. */
async function whenChanges(
  first: Reach,
  reachAt: (at: number) => Promise<Reach>,
): Promise<number | null> {
  let at = first.changesAt;
  for (let changes = 0; at !== null && changes < MAX_CHANGES; changes++) {
    const then = await reachAt(at);
    if (then.groups.size > 0 !== first.groups.size > 0) return at;
    at = then.changesAt;
  }
  return null;
}
