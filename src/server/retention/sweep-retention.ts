import type { Database } from '../database/database.ts';
import { deleteCalls, notifyDeletedCalls } from './delete-calls.ts';

/** SQL: whether the call has no legal hold. */
const notHeld = (call: string): string =>
  `not exists (select from legal_holds h where h.call_id = ${call})`;

/** Rows of one step. A step takes some hundredths of a second, so that nobody waits for its locks. */
const STEP = { calls: 50, rooms: 50, pictures: 20, visitors: 200, other: 500 };

// A call is requested before it ends. So the index by the time of the request finds all that may be old enough.
const OLD_CALLS = `
select old.id from sites s cross join lateral (
  select c.id from calls c
   where c.site_id = s.id and c.requested_at < now() - make_interval(days => s.call_days)
     and c.ended_at < now() - make_interval(days => s.call_days) and ${notHeld('c.id')}
   order by c.requested_at limit ${STEP.calls}
     for update skip locked) old
 limit ${STEP.calls}`;

/** Calls whose time is over, with all that belongs to them. Their figures stay. */
async function deleteOldCalls(db: Database): Promise<boolean> {
  const deleted = await db.transaction(async (tx) => {
    await tx.query('set transaction isolation level repeatable read');
    const { rows } = await tx.query<{ id: string }>(OLD_CALLS, []);
    const ids = rows.map(({ id }) => id);
    return ids.length === 0 ? [] : deleteCalls(tx, ids);
  });
  notifyDeletedCalls(db, deleted);
  return deleted.length === STEP.calls;
}

// A room without messages is marked too, so that it is not looked at again.
const OLD_CHATS = `
with old as materialized (
  select o.number, o.call_id from sites s cross join lateral (
    select r.number, r.call_id from rooms r
     where r.site_id = s.id and r.closed_at < now() - make_interval(days => s.chat_days)
       and r.chat_deleted_at is null and ${notHeld('r.call_id')}
     order by r.closed_at limit ${STEP.rooms}
       for update skip locked) o
   limit ${STEP.rooms}),
messages_deleted as (
  delete from messages m using old where m.room = old.number),
lines_deleted as (
  delete from transcript_lines t using old where t.call_id = old.call_id),
pictures_deleted as (
  delete from images i using old where i.room = old.number)
update rooms r set chat_deleted_at = now() from old where r.number = old.number`;

// A message that is a picture goes with it. The pictures of a room that is open stay, however old they are.
const OLD_PICTURES = `
delete from images d using (
  select o.id from sites s cross join lateral (
    select i.id from images i join rooms r on r.number = i.room
     where i.site_id = s.id and i.created_at < now() - make_interval(days => s.picture_days)
       and r.closed_at < now() - make_interval(days => s.picture_days) and ${notHeld('r.call_id')}
     order by i.created_at limit ${STEP.pictures}
       for update of i skip locked) o
   limit ${STEP.pictures}) old
 where d.id = old.id`;

// A trigger puts their files on the list of what is to be deleted (21-recordings.sql).
const OLD_RECORDINGS = `
delete from recordings d using (
  select o.id from sites s cross join lateral (
    select r.id from recordings r join calls c on c.id = r.call_id
     where r.site_id = s.id and c.ended_at < now() - make_interval(days => s.recording_days)
       and ${notHeld('c.id')}
     order by c.ended_at limit ${STEP.other}
       for update of r skip locked) o
   limit ${STEP.other}) old
 where d.id = old.id`;

// Those of calls go with their call.
const OLD_MEETINGS = `
delete from rooms d using (
  select r.number from rooms r join sites s on s.id = r.site_id
   where r.call_id is null and r.closed_at < now() - make_interval(days => s.call_days)
   order by r.closed_at limit ${STEP.rooms}
     for update of r skip locked) old
 where d.number = old.number`;

const VISITORS_WITHOUT_CALLS = `
delete from visitors d using (
  select v.id from visitors v
   where not exists (select from calls c where c.visitor_id = v.id)
   limit ${STEP.visitors} for update skip locked) old
 where d.id = old.id`;

/**
 * Visitors of whom no call is left. A visitor may call again at this moment: then the isolation level makes one of the
 * two transactions start again.
 */
async function deleteVisitorsWithoutCalls(db: Database): Promise<boolean> {
  const { rowCount } = await db.transaction(async (tx) => {
    await tx.query('set transaction isolation level repeatable read');
    return tx.query(VISITORS_WITHOUT_CALLS, []);
  });
  return rowCount === STEP.visitors;
}

const OLD_ERASURES = `
delete from erasures d using (
  select e.id from erasures e join sites s on s.id = e.site_id
   where e.finished_at < now() - make_interval(days => s.audit_days)
   limit ${STEP.other} for update of e skip locked) old
 where d.id = old.id`;

// The oldest rows first and without a gap, so that the rest of the chain is whole. The last row stays: it is the end
// of the chain.
const OLD_AUDIT = `
delete from audit d using (
  select o.site_id, o.sequence from sites s cross join lateral (
    select a.site_id, a.sequence from audit a
     where a.site_id = s.id and a.at < now() - make_interval(days => s.audit_days)
       and a.sequence < coalesce(
         (select min(b.sequence) from audit b
           where b.site_id = s.id and b.at >= now() - make_interval(days => s.audit_days)),
         (select max(b.sequence) from audit b where b.site_id = s.id))
     order by a.sequence limit ${STEP.other} for update) o
   limit ${STEP.other}) old
 where d.site_id = old.site_id and d.sequence = old.sequence`;

async function deleteOldAudit(db: Database): Promise<boolean> {
  const { rowCount } = await db.transaction(async (tx) => {
    await tx.query(`set local rtc_desk.retention = 'on'`);
    return tx.query(OLD_AUDIT, []);
  });
  return rowCount === STEP.other;
}

// Two days, because the day of a site's time zone may be another one than the database's.
const PAST_ADDRESS_DAYS = `
delete from address_days d using (
  select site_id, day, address_hash from address_days
   where day < (now() - interval '2 days')::date
   limit ${STEP.other} for update skip locked) old
 where d.site_id = old.site_id and d.day = old.day and d.address_hash = old.address_hash`;

const statement =
  (text: string, most: number) =>
  async (db: Database): Promise<boolean> =>
    (await db.query(text, [])).rowCount === most;

/** Each resolves to whether there may be more to delete. */
const STEPS = [
  deleteOldCalls,
  statement(OLD_CHATS, STEP.rooms),
  statement(OLD_PICTURES, STEP.pictures),
  statement(OLD_RECORDINGS, STEP.other),
  statement(OLD_MEETINGS, STEP.rooms),
  deleteVisitorsWithoutCalls,
  deleteOldAudit,
  statement(OLD_ERASURES, STEP.other),
  statement(PAST_ADDRESS_DAYS, STEP.other),
];

/**
 * Deletes what is older than its site keeps it, one bounded step of each kind. Resolves to whether there may be more to
 * delete: then run it again. Each step is a transaction of its own; several nodes may run it at the same time.
 */
export async function sweepRetention(db: Database): Promise<boolean> {
  let more = false;
  for (const step of STEPS) more = (await step(db)) || more;
  return more;
}
