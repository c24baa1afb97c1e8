import { Type } from '@sinclair/typebox';
import { closed } from '../../../protocol/schema.ts';
import { logAudit } from '../../audit/log-audit.ts';
import { rotateSiteSecret } from '../../identity/rotate-site-secret.ts';
import { CommandError, databaseCommand, UsageError } from '../command.ts';
import { operatorName } from '../operator-name.ts';

const DEFAULT_OVERLAP_HOURS = 24;
const MAX_OVERLAP_HOURS = 24 * 30;

/** Gives a site a new JWT secret, and prints it. */
export const rotateSecretCommand = databaseCommand({
  name: 'rotate-secret',
  parameters: ['SITE'],
  options: { overlap: { type: 'string' } },
  optionsUsage: '[--overlap HOURS]',
  help: [
    'Gives the site a new JWT secret and prints it. The old one stays valid for HOURS (24), so that',
    "the site's backend can be changed in this time. --overlap 0 ends it at once.",
  ],
  request: closed({ site: Type.String(), overlapHours: Type.Number(), operator: Type.String() }),
  read: async ({ parameters: [site = ''], options }) => ({
    site,
    overlapHours: readHours(options['overlap']),
    operator: operatorName(),
  }),
  run: async ({ database, key, logger }, { site, overlapHours, operator }) => {
    const rotated = await rotateSiteSecret(database, key, {
      site,
      overlapSeconds: overlapHours * 3600,
      actor: { kind: 'operator', name: operator },
    });
    if (!rotated) throw new CommandError(`There is no site "${site}".`);
    logAudit(logger, rotated.receipt);
    const until =
      overlapHours > 0
        ? `The old secret counts until ${new Date(rotated.previousUntil).toISOString()}.`
        : 'The old secret counts no more.';
    return `JWT secret of ${site}, for its backend only:\n  ${rotated.secret}\n${until}\n`;
  },
});

function readHours(given: string | boolean | undefined): number {
  if (given === undefined) return DEFAULT_OVERLAP_HOURS;
  const hours = /^\d+(\.\d+)?$/.test(String(given)) ? Number(given) : NaN;
  if (hours <= MAX_OVERLAP_HOURS) return hours;
  throw new UsageError(`--overlap must be a number of hours from 0 to ${MAX_OVERLAP_HOURS}.`);
}
