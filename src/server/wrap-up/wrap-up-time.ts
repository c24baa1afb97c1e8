/** A wrap-up lasts at most so many times the wrap-up time of the leg's group. */
const MAX_WRAP_UP_TIMES = 3;

/**
 * For the row `g` of the leg's group and the leg `l` that has ended in this moment: when its wrap-up ends. Where the
 * group requires a disposition and the leg has none, that is the longest time: the wrap-up waits for it.
 */
export const WRAP_UP_UNTIL = `now() + make_interval(secs => g.wrap_up_seconds *
  case when g.disposition_required and l.disposition is null then ${MAX_WRAP_UP_TIMES} else 1 end)`;

/** For the row `l` of a leg in wrap-up and the row `g` of its group: the latest end of the wrap-up. */
export const WRAP_UP_BOUND = `(l.left_at + make_interval(secs => g.wrap_up_seconds * ${MAX_WRAP_UP_TIMES}))`;
