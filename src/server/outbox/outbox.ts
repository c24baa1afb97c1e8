import type { Database } from '../database/database.ts';
import { timeouts } from '../settings/timeouts.ts';

interface OutboxRow {
  /** A bigint, as text. */
  readonly id: string;
  /** How often it was claimed, this time included. */
  readonly attempts: number;
  /** One of several receivers of the service. */
  readonly receiver: string | null;
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

interface DeliverEvent {
  readonly service: 'webhook';
  readonly kind: 'deliver-event';
  readonly payload: { readonly endpoint: string; readonly event: number };
}

interface RingVisitor {
  readonly service: 'push';
  readonly kind: 'ring-visitor';
  readonly payload: { readonly subscription: string };
}

/** Makes TRTC record, or end, as the row of `cloud_recordings` says. */
interface SyncRecording {
  readonly service: 'cloud-recording';
  readonly kind: 'sync-recording';
  readonly payload: { readonly recording: string };
}
/** Ends a task of TRTC's that no row has. */
interface StopStrayRecording {
  readonly service: 'cloud-recording';
  readonly kind: 'stop-stray-recording';
  readonly payload: { readonly task: string };
}

/** What TRTC has to be told. */
export type TrtcOrder = CloseRoom | RemoveParticipant;
/** What IM has to be told. */
export type ImOrder = DismissGroup;

/** What an endpoint of a site has to be told. */
export type WebhookOrder = DeliverEvent;

/** What a browser's push service has to be told. */
export type PushOrder = RingVisitor;

/** What TRTC's cloud recording has to be told. */
export type CloudRecordingOrder = SyncRecording | StopStrayRecording;

export type OutboxOrder = TrtcOrder | ImOrder | WebhookOrder | PushOrder | CloudRecordingOrder;
export type OutboxService = OutboxOrder['service'];
/** The orders of one service. */
export type OrderOf<S extends OutboxService> = Extract<OutboxOrder, { readonly service: S }>;
export type OutboxMessage<S extends OutboxService = OutboxService> = OutboxRow & OrderOf<S>;

// A node that claims a message has so long to deliver it. Then any node may claim it again. Behind a message with the
// same `in_order` every later one waits.
const CLAIM = `
update outbox o
   set attempts = o.attempts + 1, due_at = now() + make_interval(secs => ${timeouts.outboxClaim})
 where o.id = (select d.id from outbox d
                where d.service = $1 and d.due_at <= now() and coalesce(d.receiver, '') <> all ($2::text[])
                  and not exists (select from outbox b where b.in_order = d.in_order and b.id < d.id)
                order by d.due_at, d.id limit 1 for update skip locked)
returning o.id::text, o.service, o.kind, o.payload, o.receiver, o.attempts`;

/**
 * Claims a message that is due, so that no other node delivers it at the same time. Null if there is none for
 * another receiver than the `busy` ones.
 */
export async function claimMessage<S extends OutboxService>(
  db: Database,
  service: S,
  busy: readonly string[],
): Promise<OutboxMessage<S> | null> {
  const { rows } = await db.query<OutboxMessage<S>>(CLAIM, [service, busy]);
  return rows[0] ?? null;
}

/** The service has answered. */
export async function finishMessage(db: Database, id: string): Promise<void> {
  await db.query('delete from outbox where id = $1', [id]);
}

const POSTPONE = `
update outbox
   set due_at = now() + make_interval(secs => case service
         when 'webhook' then ($2::int[])[least(attempts, cardinality($2::int[]))]
         else least(case service when 'im' then ${timeouts.imMaxRetry} else ${timeouts.trtcMaxRetry} end,
                    power(2, least(attempts, 12))) end)
 where id = $1`;

/**
 * The delivery failed. The next attempt comes after 2, 4, 8 … seconds, at most a minute for TRTC and an hour for IM;
 * for a webhook after the pauses of `timeouts.webhookRetries`.
 */
export async function postponeMessage(db: Database, id: string): Promise<void> {
  await db.query(POSTPONE, [id, timeouts.webhookRetries]);
}

const FORGET = `
delete from outbox
 where service <> 'webhook' and created_at < now() - make_interval(secs =>
         case service when 'im' then ${timeouts.imGivenUp} else ${timeouts.trtcGivenUp} end)`;

/**
 * Deletes messages that are too old, also if no node delivers to that service. Every node delivers to webhooks, and
 * gives up after the last attempt.
 */
export async function forgetOldMessages(db: Database): Promise<void> {
  await db.query(FORGET, []);
}
