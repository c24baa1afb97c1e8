import { RtcDeskError } from '../../protocol/errors.ts';
import type { OwnCall } from '../../protocol/rest/own-call.ts';
import type { RatingSettings } from '../../protocol/rest/site-settings.ts';
import { readCallbackCode } from '../callbacks/callback-code.ts';
import { resumeHash } from '../calls/resume-call.ts';
import type { Queryable } from '../database/database.ts';
import { timeouts } from '../settings/timeouts.ts';
import { ms, TALK_SECONDS } from '../views/view-columns.ts';
import { ownCallCode, readOwnCallCode } from './own-call-code.ts';

/** For how long after the end of a call the code of its page counts. */
const LINK_MS = 7 * 24 * 3_600_000;

/** Who asks about a call. */
export interface OwnCallCaller {
  readonly callId: string;
  /**
   * With the key of the call itself, which only the visitor's browser has, and which is wiped ten minutes after the end.
   * False: with the code of the page, which may have been passed on.
   */
  readonly withKey: boolean;
}

// A callback's visitor has the code of the callback in place of a key.
const OF_KEY = `
select c.id from calls c
 where (c.resume_hash = $1 or c.callback_id = $2)
   and (c.ended_at is null or c.ended_at > now() - make_interval(secs => ${timeouts.endShown}))
 order by c.requested_at desc limit 1`;

/** Rejects with `unauthorized` if the token opens no call. */
export async function findOwnCall(
  db: Queryable,
  key: Uint8Array,
  token: string,
): Promise<OwnCallCaller> {
  const byCode = readOwnCallCode(key, 'own-call', token, Date.now());
  if (byCode !== null) return { callId: byCode, withKey: false };
  const { rows } = await db.query<{ id: string }>(OF_KEY, [
    resumeHash(token),
    readCallbackCode(key, token),
  ]);
  if (!rows[0]) throw new RtcDeskError('unauthorized', 'This opens no call, or no longer.');
  return { callId: rows[0].id, withKey: true };
}

/** SQL: whether the visitor of the row `c` of calls may say something about the call. */
export const MAY_RATE = `(c.connected_at is not null and (c.ended_at is not null or c.visitor_left_until is not null))`;

const READ = `
select c.id, c.site_id as site, s.name as "siteName", g.name as group,
       case when c.connected_at is not null then a.name end as "agentName", ${ms('c.requested_at')} as "requestedAt",
       ${ms('c.connected_at')} as "connectedAt", ${ms('c.ended_at')} as "endedAt", ${TALK_SECONDS} as seconds,
       ${ms('clock_timestamp()')} as now,
       ${ms('c.visitor_left_until')} as "leftUntil", ${MAY_RATE} as "mayRate", s.rating as settings,
       (select json_build_object('value', r.value, 'text', r.text,
                                 'reasons', (select coalesce(json_agg(x ->> 'id'), '[]') from jsonb_array_elements(r.reasons) x))
          from call_ratings r where r.call_id = c.id) as given,
       (select count(*) from messages m where m.room = c.room)::int as messages
  from calls c join sites s on s.id = c.site_id
  left join skill_groups g on g.site_id = c.site_id and g.id = c.group_id
  left join legs l on l.id = c.owner_leg_id left join agents a on a.id = l.agent_id
 where c.id = $1`;

type Row = Omit<OwnCall, 'rating' | 'link'> & {
  readonly mayRate: boolean;
  readonly settings: RatingSettings;
  readonly given: NonNullable<OwnCall['rating']>['given'];
};

/** Rejects with `not-found` if the call was deleted. */
export async function readOwnCall(
  db: Queryable,
  key: Uint8Array,
  { callId, withKey }: OwnCallCaller,
): Promise<OwnCall> {
  const { rows } = await db.query<Row>(READ, [callId]);
  if (!rows[0]) throw new RtcDeskError('not-found', 'This call was deleted.');
  const { mayRate, settings, given, ...call } = rows[0];
  const { kind, reasons, text } = settings;
  const expiresAt = (call.endedAt ?? Date.now()) + LINK_MS;
  return {
    ...call,
    rating: withKey && mayRate && kind !== 'none' ? { kind, reasons, text, given } : null,
    link:
      call.connectedAt === null
        ? null
        : { code: ownCallCode(key, 'own-call', callId, expiresAt), expiresAt },
  };
}
