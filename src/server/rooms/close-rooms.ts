import { timeouts } from '../settings/timeouts.ts';

/** Whoever leaves by themselves is given the time for it: being shown out looks like a failure there. */
const SOON = `now() + make_interval(secs => ${timeouts.removal})`;
/** Whoever made a group takes it down as they leave: this is for those who vanished. */
const LATER = `now() + make_interval(secs => ${timeouts.groupRemoval})`;

/**
 * CTEs that close rooms, and so show everyone out (`left_at` tells of who went before). `which` completes
 * `update rooms r set closed_at = now()`. What was ever TRTC's is noted down to be closed there, and its group to be
 * taken down in IM. Leaves `shut`, with the numbers.
 */
export const closing = (which: string): string => `
shut as (
  update rooms r set closed_at = now() ${which}
  returning r.number, r.provider, r.fell_back_at),
dismissed as (
  insert into trtc_removals (room, service, due_at)
  select s.number, w.service, w.due_at
    from shut s cross join (values ('trtc', ${SOON}), ('im', ${LATER})) w (service, due_at)
   where s.provider = 'trtc' or s.fell_back_at is not null)`;

/**
 * A CTE for one whose join is over though the room is not: of `joins` (`id, room, entered_at`), those who were in a
 * room of TRTC's are noted down to be shown out of it.
 */
export const showingOut = (joins: string): string => `
shown_out as (
  insert into trtc_removals (room, participant_id, due_at)
  select j.room, j.id, ${SOON} from ${joins} j join rooms r on r.number = j.room
   where r.provider = 'trtc' and j.entered_at is not null)`;
