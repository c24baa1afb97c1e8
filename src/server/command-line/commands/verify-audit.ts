import { Type } from '@sinclair/typebox';
import { closed } from '../../../protocol/schema.ts';
import { verifyAudit } from '../../audit/verify-audit.ts';
import { CommandError, databaseCommand } from '../command.ts';

/** Checks the chain of a site's security log. It fails if a row was changed or taken out. */
export const verifyAuditCommand = databaseCommand({
  name: 'verify-audit',
  parameters: ['SITE'],
  help: ["Checks the chain of the site's security log: whether a row was changed or taken out."],
  request: closed({ site: Type.String() }),
  read: async ({ parameters: [site = ''] }) => ({ site }),
  run: async ({ database }, { site }) => {
    const { rows, brokenAt } = await verifyAudit(database, site);
    if (brokenAt === null) return `The security log of ${site} is whole: ${rows} rows.\n`;
    throw new CommandError(`The security log of ${site} does not fit from row ${brokenAt} on.`);
  },
});
