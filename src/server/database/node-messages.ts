import type { Queryable } from './database.ts';

/** The longest parcel, in bytes: a frame of the protocol and what is wrapped around it. */
const PARCEL_BYTES = 128 * 1024;

/** Something that one node hands to another. */
export interface Parcel {
  readonly node: string;
  readonly payload: string;
}

/** Throws a RangeError over `PARCEL_BYTES`, and for a NUL character, which PostgreSQL's text cannot hold. */
export function checkNodeMessage(payload: string): void {
  const bytes = Buffer.byteLength(payload);
  if (bytes > PARCEL_BYTES) throw new RangeError(`a parcel of ${bytes} bytes`);
  if (payload.includes('\0')) throw new RangeError('a parcel with a NUL character');
}

/** What nobody has fetched in a minute was for a node that is dead, and is of no use to anyone. */
export async function dropStaleNodeMessages(db: Queryable): Promise<void> {
  await db.query(`delete from parcels where sent_at < now() - interval '1 minute'`, []);
}
