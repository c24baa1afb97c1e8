import { createHash } from 'node:crypto';
import { Type } from '@sinclair/typebox';
import { closed, Nullable, OneOf, Uuid, type Shape } from '../../protocol/schema.ts';
import type { Queryable } from '../database/database.ts';
import { ms } from '../views/view-columns.ts';

/** What one order erases. */
export interface ErasureSubject {
  readonly siteId: string;
  readonly kind: 'visitor' | 'call';
  /** The site's own id of the visitor, or the id of the call. */
  readonly subject: string;
}

/** Rows that an erasure deletes, or has deleted. */
export const ErasedCounts = closed({
  calls: Type.Integer(),
  legs: Type.Integer(),
  events: Type.Integer(),
  rooms: Type.Integer(),
  participants: Type.Integer(),
  messages: Type.Integer(),
  pictures: Type.Integer(),
  ratings: Type.Integer(),
  consents: Type.Integer(),
  deviceReports: Type.Integer({ description: 'Reports of device tests.' }),
  captions: Type.Integer({ description: 'Lines of transcripts.' }),
  recordings: Type.Integer({
    description: 'The order is finished when their files are deleted, too.',
  }),
});
export type ErasedCounts = Shape<typeof ErasedCounts>;

/** The record of an order. It names nobody: the subject is a hash. */
export const Erasure = closed({
  id: Uuid,
  kind: OneOf('visitor', 'call'),
  subjectHash: Type.String({
    description: 'The sha256 of the visitor’s or the call’s id, in hex.',
  }),
  requestedBy: Type.String(),
  requestedAt: Type.Number(),
  finishedAt: Nullable(Type.Number({ description: 'Null while the job goes on.' })),
  deleted: ErasedCounts,
  digest: Type.String({
    description:
      'A chain over the ids of the deleted calls in the order of their requests: sha256(digest so far + id), in hex.',
  }),
});
export type Erasure = Shape<typeof Erasure>;

/** The sha256 by which a record names its subject. */
export function subjectHash(subject: string): string {
  return createHash('sha256').update(subject).digest('hex');
}

const SELECT = `
select e.id, e.kind, e.subject_hash as "subjectHash", e.requested_by as "requestedBy",
       ${ms('e.requested_at')} as "requestedAt", ${ms('e.finished_at')} as "finishedAt", e.digest,
       json_build_object('calls', e.calls, 'legs', e.legs, 'events', e.events, 'rooms', e.rooms,
         'participants', e.participants, 'messages', e.messages, 'pictures', e.pictures, 'ratings', e.ratings,
         'consents', e.consents, 'deviceReports', e.device_reports, 'captions', e.captions, 'recordings', e.recordings) as deleted
  from erasures e`;

/** Null if the site has no such order. */
export async function readErasure(
  db: Queryable,
  siteId: string,
  id: string,
): Promise<Erasure | null> {
  const { rows } = await db.query<Erasure>(`${SELECT} where e.id = $1 and e.site_id = $2`, [
    id,
    siteId,
  ]);
  return rows[0] ?? null;
}

/** The last order to erase this call, with its site; null if there is none. */
export async function readErasureOfCall(
  db: Queryable,
  callId: string,
): Promise<{ readonly siteId: string; readonly erasure: Erasure } | null> {
  const { rows } = await db.query<Erasure & { site: string }>(
    `${SELECT.replace('select', 'select e.site_id as site,')}
      where e.subject_hash = $1 and e.kind = 'call' order by e.requested_at desc limit 1`,
    [subjectHash(callId)],
  );
  if (!rows[0]) return null;
  const { site, ...erasure } = rows[0];
  return { siteId: site, erasure };
}
