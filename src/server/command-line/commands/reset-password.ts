import { Type } from '@sinclair/typebox';
import { closed } from '../../../protocol/schema.ts';
import { logAudit } from '../../audit/log-audit.ts';
import { resetPassword } from '../../identity/reset-password.ts';
import { CommandError, databaseCommand } from '../command.ts';
import { operatorName } from '../operator-name.ts';

/** Gives an agent a random password, and prints it. */
export const resetPasswordCommand = databaseCommand({
  name: 'reset-password',
  parameters: ['SITE', 'USERNAME'],
  options: { 'remove-second-factor': { type: 'boolean' } },
  optionsUsage: '[--remove-second-factor]',
  help: [
    'Gives the agent a random password, prints it, and ends the sessions of the agent.',
    '--remove-second-factor is for an agent whose authenticator app is lost.',
  ],
  request: closed({
    site: Type.String(),
    username: Type.String(),
    removeSecondFactor: Type.Boolean(),
    operator: Type.String(),
  }),
  read: async ({ parameters: [site = '', username = ''], options }) => ({
    site,
    username,
    removeSecondFactor: options['remove-second-factor'] === true,
    operator: operatorName(),
  }),
  run: async ({ database, logger }, { site, username, removeSecondFactor, operator }) => {
    const actor = { kind: 'operator', name: operator } as const;
    const reset = await resetPassword(database, { site, username, removeSecondFactor, actor });
    if (!reset) throw new CommandError(`The site "${site}" has no enabled agent "${username}".`);
    logAudit(logger, reset.receipt);
    return `New password of ${username}:\n  ${reset.password}\n`;
  },
});
