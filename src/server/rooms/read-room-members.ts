import type { Queryable } from '../database/database.ts';

/** Where a member of a room can be reached. */
interface MemberAddress {
  readonly connection: string;
  readonly node: string;
  /** An agent whom the others see. */
  readonly visibleAgent: boolean;
}

/** By participant. */
export type Members = ReadonlyMap<string, MemberAddress>;

const READ = `
  select p.id as participant, x.id as connection, x.node_id as node,
         p.role = 'agent' and not p.hidden as "visibleAgent"
    from participants p
    join connections x on x.id = p.connection_id
    join rooms r on r.number = p.room
   where p.room = $1 and p.entered_at is not null and p.left_at is null and r.closed_at is null`;

/** Those who are in the room with a live connection, on any node. */
export async function readRoomMembers(db: Queryable, room: number): Promise<Members> {
  const { rows } = await db.query<MemberAddress & { readonly participant: string }>(READ, [room]);
  return new Map(rows.map(({ participant, ...address }) => [participant, address]));
}
