import type { Drawing, DrawingChange, DrawnPicture, Mark } from '../../protocol/drawing.ts';
import { changeDrawing } from '../../protocol/drawing-change.ts';
import { drawingLimits } from '../../protocol/drawing-limits.ts';
import { RtcDeskError } from '../../protocol/errors.ts';
import type { Database, Queryable } from '../database/database.ts';

export interface ChangeOfDrawing {
  readonly room: number;
  /** The agent's participant in the room. */
  readonly participant: string;
  readonly change: DrawingChange;
}

// A hidden agent may not draw: a drawing would tell the others that somebody listens.
const MAY_DRAW = `
select from participants p join rooms r on r.number = p.room
 where p.id = $2 and p.room = $1 and p.role = 'agent' and not p.hidden
   and p.entered_at is not null and p.left_at is null and r.closed_at is null`;

const MAKE = 'insert into drawings (room) values ($1) on conflict (room) do nothing';

const LOCK = `
select participant_id, source, still, marks from drawings where room = $1 for update`;

/** Whether the picture is there to be drawn on. */
const FIND_PICTURE = `
select from participants p
 where p.id = $2 and p.room = $1 and p.entered_at is not null and p.left_at is null and not p.hidden
   and ($3::uuid is null or exists (select from images i where i.id = $3 and i.room = $1))`;

const STORE = `
update drawings
   set participant_id = $2, source = $3, still = $4, marks = $5, revision = revision + 1
 where room = $1`;

/** In the log of the room's call, if it is one. */
const LOG = `
with told as (
  update calls c set event_count = c.event_count + 1
    from rooms r where r.number = $1 and c.id = r.call_id and c.ended_at is null
  returning c.id, c.event_count)
insert into call_events (call_id, sequence, type, actor, leg_id, agent_id)
select t.id, t.event_count, $3, 'agent', p.leg_id, l.agent_id
  from told t join participants p on p.id = $2 left join legs l on l.id = p.leg_id`;

interface Row {
  readonly participant_id: string | null;
  readonly source: DrawnPicture['source'] | null;
  readonly still: string | null;
  readonly marks: readonly Mark[];
}

/**
 * Rejects with `forbidden` unless the participant is an agent in the room, with `not-found` if the person or the still
 * picture is not there, and with `conflict` if there is no picture to draw on or no space for another mark.
 */
export async function changeRoomDrawing(db: Database, asked: ChangeOfDrawing): Promise<void> {
  if (await db.transaction((tx) => change(tx, asked))) db.wake.notify(`drawing:${asked.room}`);
}

async function change(
  tx: Queryable,
  { room, participant, change }: ChangeOfDrawing,
): Promise<boolean> {
  if ((await tx.query(MAY_DRAW, [room, participant])).rowCount === 0) {
    throw new RtcDeskError('forbidden', 'Only an agent in the room draws there.');
  }
  if (change.kind === 'show' && change.picture) await requirePicture(tx, room, change.picture);
  await tx.query(MAKE, [room]);
  const row = (await tx.query<Row>(LOCK, [room])).rows[0];
  if (!row) throw new RtcDeskError('not-found', 'The room is gone.');
  const before = drawingOf(row);
  const after = changeDrawing(before, change);
  if (!after) throw refusal(before);
  if (after === before) return false;
  const { picture, marks } = after;
  await tx.query(STORE, [
    ...[room, picture?.participant ?? null, picture?.source ?? null, picture?.still ?? null],
    JSON.stringify(marks),
  ]);
  const event = eventOf(before.picture, picture);
  if (event) await tx.query(LOG, [room, participant, event]);
  return true;
}

/** What a change is for the log of the call. The marks themselves are not told of. */
function eventOf(before: Drawing['picture'], after: Drawing['picture']): string | null {
  if (!after) return before && 'drawing-ended';
  if (!before) return after.still ? 'picture-frozen' : 'drawing-began';
  return after.still && after.still !== before.still ? 'picture-frozen' : null;
}

function drawingOf({ participant_id: participant, source, still, marks }: Row): Drawing {
  return { picture: participant && source ? { participant, source, still } : null, marks };
}

function refusal({ picture }: Drawing): RtcDeskError {
  if (!picture) return new RtcDeskError('conflict', 'There is no picture to draw on.');
  return new RtcDeskError('conflict', `A drawing has at most ${drawingLimits.marks} marks.`);
}

async function requirePicture(tx: Queryable, room: number, picture: DrawnPicture): Promise<void> {
  const { participant, still } = picture;
  const { rowCount } = await tx.query(FIND_PICTURE, [room, participant, still]);
  if (rowCount === 0) throw new RtcDeskError('not-found', 'There is no such picture in the room.');
}
