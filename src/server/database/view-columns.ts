/**
 * Pieces of SQL that the views share. Times leave the database as whole milliseconds since 1970, the
 * same in a column of JSON and out of it.
 */
export const ms = (time: string): string => `floor(extract(epoch from ${time}) * 1000)::float8`;

/** A `RoomView` for the row `r` of rooms; one that was read in the same statement as the view around it. */
export const ROOM_VIEW = `json_build_object(
  'number', r.number,
  'chatSequence', r.chat_sequence,
  'participants', coalesce((
    select json_agg(json_build_object(
        'id', p.id, 'name', p.name, 'role', p.role, 'verified', p.verified,
        'enteredAt', ${ms('p.entered_at')},
        'online', exists (select from connections x where x.id = p.connection_id),
        'readSequence', p.read_sequence)
      order by p.entered_at, p.id)
    from participants p
    where p.room = r.number and p.entered_at is not null and p.left_at is null and r.closed_at is null), '[]'))`;

/** A `LastWord` for the row `r` of rooms. */
export const LAST_WORD = `json_build_object('room', r.number, 'sequence', r.chat_sequence)`;

/** A `Join` for the row `p` of participants in the row `r` of rooms. */
export const JOIN = `json_build_object(
  'participant', p.id, 'room', p.room, 'role', p.role, 'name', p.name,
  'issuedAt', ${ms('p.issued_at')}, 'provider', r.provider)`;

/** A `VisitorCard` for the row `c` of calls. */
export const VISITOR_CARD = `json_build_object(
  'name', c.visitor_name, 'verified', c.visitor_id is not null, 'id', c.visitor_id,
  'params', c.params, 'page', c.page, 'language', c.language)`;

/** A `SkillGroupName` for the row `g` of skill_groups. */
export const SKILL = `json_build_object('id', g.id, 'name', g.name)`;

/** Talk time of the row `c` of calls, in whole seconds. */
export const TALK_SECONDS = `coalesce(floor(extract(epoch from c.ended_at - c.connected_at)), 0)::int`;

/** A `CallEnd` for the row `c` of calls, null before the end. */
export const CALL_END = `case when c.ended_at is not null then json_build_object(
  'reason', c.ended_reason, 'at', ${ms('c.ended_at')}, 'seconds', ${TALK_SECONDS}) end`;

/** The number of every snapshot, and the database's clock; each once in a statement. */
export const MOMENT = `(select nextval('snapshot_rev')) as rev, (select ${ms('clock_timestamp()')}) as now`;
