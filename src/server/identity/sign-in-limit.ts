import { createHash } from 'node:crypto';
import type { Queryable } from '../database/database.ts';
import { RetryLaterError } from '../rate-limits/retry-later-error.ts';

/** Attempts in a row without a delay. */
const FREE_ATTEMPTS = 5;
/** The delay doubles with each further failure: 2 s, 4 s … up to this. */
const MAX_DELAY_SECONDS = 300;
/** After so long without an attempt, counting begins anew. */
const FORGET_HOURS = 24;

/**
 * Counts the attempt before the password is checked, so that attempts at the same moment count too. The next one has
 * to wait for the delay. No row comes back while the last delay runs.
 */
const COUNT = `
insert into sign_in_failures as f (site_id, username_hash, failures, blocked_until, failed_at)
select s.id, $2, 1, now(), now() from sites s where s.id = $1
on conflict (site_id, username_hash) do update set
  failures = case when f.failed_at < now() - make_interval(hours => ${FORGET_HOURS}) then 1 else f.failures + 1 end,
  blocked_until = case
    when f.failed_at < now() - make_interval(hours => ${FORGET_HOURS}) or f.failures < ${FREE_ATTEMPTS} then now()
    else now() + make_interval(secs => least(${MAX_DELAY_SECONDS}, power(2, least(f.failures - ${FREE_ATTEMPTS} + 1, 20))))
  end,
  failed_at = now()
where f.blocked_until <= now()
returning f.failures`;

const BLOCKED = `
select ceil(extract(epoch from blocked_until - now()))::int as seconds from sign_in_failures
 where site_id = $1 and username_hash = $2 and blocked_until > now()`;

/**
 * Counts an attempt to sign in under this name, over all addresses and nodes, whether there is such an agent or not.
 * Rejects with `rate-limited` while a delay runs. A sign-in that succeeds calls `forgetFailures`.
 */
export async function countSignIn(db: Queryable, site: string, username: string): Promise<void> {
  const key = [site, usernameHash(username)];
  const { rowCount } = await db.query(COUNT, key);
  if (rowCount > 0) return;
  const { rows } = await db.query<{ seconds: number }>(BLOCKED, key);
  const [blocked] = rows;
  // No row and no delay: there is no such site, or the delay has just ended.
  if (!blocked) return;
  throw new RetryLaterError(
    'rate-limited',
    'Too many wrong passwords for this agent. Try again later.',
    Math.max(1, blocked.seconds),
  );
}

export async function forgetFailures(db: Queryable, site: string, username: string): Promise<void> {
  await db.query('delete from sign_in_failures where site_id = $1 and username_hash = $2', [
    site,
    usernameHash(username),
  ]);
}

/** For the sweep: counts that no longer matter. */
export async function deleteOldFailures(db: Queryable): Promise<void> {
  await db.query(
    `delete from sign_in_failures where failed_at < now() - make_interval(hours => ${FORGET_HOURS})`,
    [],
  );
}

function usernameHash(username: string): Buffer {
  return createHash('sha256').update(username).digest();
}
