import type { Database } from '../database/database.ts';
import { timeouts } from '../settings/timeouts.ts';

interface OutboxRow {
  /** A bigint, as text. */
  readonly id: string;
  /** How often it was claimed, this time included. */
  readonly attempts: number;
}

interface CloseRoom {
  readonly service: 'trtc';
  readonly kind: 'close-room';
  readonly payload: { readonly room: number };
}
interface RemoveParticipant {
  readonly service: 'trtc';
  readonly kind: 'remove-participant';
  readonly payload: { readonly room: number; readonly participant: string };
}
/** The group's id is the room's number. */
interface DismissGroup {
  readonly service: 'im';
  readonly kind: 'dismiss-group';
  readonly payload: { readonly room: number };
}

/** What TRTC has to be told. */
export type TrtcOrder = CloseRoom | RemoveParticipant;
/** What IM has to be told. */
export type ImOrder = DismissGroup;

export type OutboxOrder = TrtcOrder | ImOrder;
export type OutboxService = OutboxOrder['service'];
export type OutboxMessage = OutboxRow & OutboxOrder;

// A node that claims a message has so long to deliver it. Then any node may claim it again.
const CLAIM = `
update outbox o
   set attempts = o.attempts + 1, due_at = now() + make_interval(secs => ${timeouts.outboxClaim})
 where o.id in (select d.id from outbox d where d.service = $1 and d.due_at <= now()
                 order by d.due_at, d.id limit $2 for update skip locked)
returning o.id::text, o.service, o.kind, o.payload, o.attempts`;

/** Claims messages that are due, so that no other node delivers them at the same time. */
export async function claimMessages(
  db: Database,
  service: OutboxService,
  limit: number,
): Promise<OutboxMessage[]> {
  return (await db.query<OutboxMessage>(CLAIM, [service, limit])).rows;
}

/** The service has answered. */
export async function finishMessage(db: Database, id: string): Promise<void> {
  await db.query('delete from outbox where id = $1', [id]);
}

const POSTPONE = `
update outbox
   set due_at = now() + make_interval(secs => least(
         case service when 'im' then ${timeouts.imMaxRetry} else ${timeouts.trtcMaxRetry} end,
         power(2, least(attempts, 12))))
 where id = $1`;

/** The delivery failed. The next attempt comes after 2, 4, 8 … seconds, at most a minute for TRTC and an hour for IM. */
export async function postponeMessage(db: Database, id: string): Promise<void> {
  await db.query(POSTPONE, [id]);
}

const FORGET = `
delete from outbox
 where created_at < now() - make_interval(secs =>
         case service when 'im' then ${timeouts.imGivenUp} else ${timeouts.trtcGivenUp} end)`;

/** Deletes messages that are too old, also where no node delivers to that service. */
export async function forgetOldMessages(db: Database): Promise<void> {
  await db.query(FORGET, []);
}
