/**
 * Pieces of SQL that the views share. Times leave the database as whole milliseconds since 1970, in a column as in
 * JSON.
 */
export const ms = (time: string): string => `floor(extract(epoch from ${time}) * 1000)::float8`;

/** For the row `s` of sites: the last midnight in its time zone. */
export const MIDNIGHT = `(date_trunc('day', now() at time zone s.time_zone) at time zone s.time_zone)`;

/** The time in which the visitor of the row `c` of calls was there, between two times. */
const visitorTime = (since: string, until: string): string => `(${until} - ${since}
  - case when c.visitor_left_at is null then interval '0' else visitor_absence(c.id, ${since}, ${until}) end)`;

/** For the row `l` of legs of the row `c` of calls: the seconds in which agent and visitor were both in the room. */
export const LEG_TALK_SECONDS = `extract(epoch from ${visitorTime(
  'greatest(l.joined_at, c.connected_at)',
  'least(l.left_at, c.ended_at)',
)})`;

/** The rev of a snapshot, and the database's clock. Both are evaluated once in a statement. */
export const MOMENT = `(select nextval('snapshot_rev')) as rev, (select ${ms('clock_timestamp()')}) as now`;

/** A `SkillGroupName` for the row `g` of skill_groups. */
export const SKILL = `json_build_object('id', g.id, 'name', g.name)`;

/** The `ParamWords` of the row `c` of calls. `param_words` is in 01-sites.sql; it is called only for sites with words. */
export const PARAM_WORDS = `coalesce((
  select param_words(pw.param_labels, c.params) from sites pw where pw.id = c.site_id and pw.param_labels <> '[]'), '{}')`;

/** A `VisitorCard` for the row `c` of calls and the row `v` of visitors, which is null without a signed identity. */
export const VISITOR_CARD = `json_build_object(
  'name', c.visitor_name, 'verified', v.id is not null, 'id', v.external_id,
  'params', c.params, 'paramWords', ${PARAM_WORDS}, 'page', c.page, 'language', c.language)`;

/** Talk time of the row `c` of calls, in whole seconds. Time in which the visitor had left does not count. */
export const TALK_SECONDS = `coalesce(floor(extract(epoch from ${visitorTime('c.connected_at', 'c.ended_at')})), 0)::int`;

/** The same in seconds, of a live call until now. Null: it was never connected. */
export const TALK_SO_FAR = `extract(epoch from ${visitorTime('c.connected_at', 'coalesce(c.ended_at, now())')})`;

/** A `CallEnd` for the row `c` of calls; null before the end. */
export const CALL_END = `case when c.ended_at is not null then json_build_object(
  'reason', c.ended_reason, 'at', ${ms('c.ended_at')}, 'seconds', ${TALK_SECONDS}) end`;

/** A `TicketHolder` for the row `p` of participants in the row `r` of rooms. */
export const TICKET_HOLDER = `json_build_object(
  'participant', p.id, 'room', p.room, 'role', p.role, 'name', p.name,
  'issuedAt', ${ms('p.issued_at')}, 'provider', r.provider,
  'profiles', (select json_build_object('computer', s.media_profile, 'phone', coalesce(s.phone_media_profile, s.media_profile))
                 from sites s where s.id = r.site_id),
  'captions', case when r.call_id is not null then (select s.captions from sites s where s.id = r.site_id) end,
  'permissions', json_build_object('speak', p.may_speak, 'show', p.may_show, 'hidden', p.hidden))`;

/**
 * A `RoomRow` for the row `r` of rooms. `holder` is SQL for the viewer's own `TicketHolder`, or null if the viewer
 * may not enter.
 */
export const roomRow = (holder: string): string => `json_build_object(
  'number', r.number,
  'kind', r.kind,
  'holder', ${holder},
  'participants', coalesce((
    select json_agg(json_build_object(
        'id', p.id, 'name', p.name, 'role', p.role, 'verified', p.verified,
        'enteredAt', ${ms('p.entered_at')}, 'online', p.connection_id is not null)
      order by p.entered_at, p.id)
      from participants p
     where p.room = r.number and p.entered_at is not null and p.left_at is null
       and not p.hidden and r.closed_at is null), '[]'))`;
