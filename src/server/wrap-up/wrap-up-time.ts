/** A wrap-up lasts at most so many times the wrap-up time of the leg's group. */
const MAX_WRAP_UP_TIMES = 3;

/**
 * When the wrap-up of a leg that ends now is over. For the row `l` of legs and the row `g` of its group. If the group
 * requires a disposition and the leg has none, the wrap-up lasts as long as a wrap-up may.
 */
export const WRAP_UP_UNTIL = `now() + make_interval(secs => g.wrap_up_seconds *
  case when g.disposition_required and l.disposition is null then ${MAX_WRAP_UP_TIMES} else 1 end)`;

/** For the row `l` of a leg in wrap-up and the row `g` of its group: the latest end of the wrap-up. */
export const WRAP_UP_BOUND = `(l.left_at + make_interval(secs => g.wrap_up_seconds * ${MAX_WRAP_UP_TIMES}))`;
