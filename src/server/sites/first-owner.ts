import { RtcDeskError } from '../../protocol/errors.ts';
import type { Setup } from '../../protocol/rest/console-session.ts';
import { RestError } from '../../protocol/rest/rest-error.ts';
import { writeAudit, type AuditReceipt } from '../audit/write-audit.ts';
import type { Database, Queryable } from '../database/database.ts';
import { hashOneTimeCode, makeOneTimeCode } from '../identity/one-time-code.ts';
import { hashPassword } from '../identity/password.ts';
import { requireGoodPassword } from '../identity/password-rules.ts';
import { isTimeZone } from './time-zone.ts';

const CODE_MINUTES = 60;

/** Whether the installation has no site yet. */
export async function needsSetup(db: Queryable): Promise<boolean> {
  const { rowCount } = await db.query('select from sites limit 1', []);
  return rowCount === 0;
}

/** A one-time code for the first owner, valid for an hour. Null: there is a site already. */
export async function makeSetupCode(db: Queryable): Promise<string | null> {
  if (!(await needsSetup(db))) return null;
  const { code, hash } = makeOneTimeCode();
  await db.query(
    'insert into setup_codes (code_hash, expires_at) values ($1, now() + make_interval(mins => $2))',
    [hash, CODE_MINUTES],
  );
  return code;
}

const IS_VALID = 'select from setup_codes where code_hash = $1 and expires_at > now()';
/** Two who use a code at the same moment go one after another, also with two codes. */
const LOCK = `select pg_advisory_xact_lock(hashtext('setup'))`;
const WRITE_OWNER = `
insert into agents (site_id, username, name, role, password_hash) values ($1, $2, $3, 'owner', $4) returning id`;

/** Makes the first site and its owner. Rejects with `link-expired`, `password-refused`, `bad-message`. */
export async function setUp(
  database: Database,
  { code, site, owner }: Setup,
  address: string | null,
): Promise<AuditReceipt> {
  const hash = hashOneTimeCode(code);
  await requireCode(database, hash);
  requireGoodPassword(owner.password);
  if (site.timeZone !== undefined && !isTimeZone(site.timeZone)) {
    throw new RtcDeskError('bad-message', 'site.timeZone must be a time zone like Europe/Berlin.');
  }
  const passwordHash = await hashPassword(owner.password);
  return database.transaction(async (tx) => {
    await tx.query(LOCK, []);
    await requireCode(tx, hash);
    // The codes of other nodes are void as well.
    await tx.query('delete from setup_codes', []);
    await tx.query('insert into sites (id, name, time_zone) values ($1, $2, $3)', [
      site.id,
      site.name.trim(),
      site.timeZone ?? 'UTC',
    ]);
    const { rows } = await tx.query<{ id: string }>(WRITE_OWNER, [
      site.id,
      owner.username,
      owner.name.trim(),
      passwordHash,
    ]);
    const agentId = rows[0]?.id ?? '';
    return writeAudit(tx, {
      site: site.id,
      type: 'provisioned',
      actor: { kind: 'agent', agentId },
      address,
      after: { site: { name: site.name }, owner: owner.username },
    });
  });
}

async function requireCode(db: Queryable, hash: Buffer): Promise<void> {
  const isValid = (await needsSetup(db)) && (await db.query(IS_VALID, [hash])).rowCount > 0;
  if (!isValid) throw new RestError('link-expired', 'The link was used or has expired.');
}
