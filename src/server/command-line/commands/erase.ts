import { Type } from '@sinclair/typebox';
import { closed, OneOf } from '../../../protocol/schema.ts';
import { logAudit } from '../../audit/log-audit.ts';
import { carryOutErasures } from '../../retention/carry-out-erasures.ts';
import { signCertificate } from '../../retention/erasure-certificate.ts';
import { readErasure } from '../../retention/erasure.ts';
import {
  countErasure,
  requestErasure,
  type ErasureCount,
} from '../../retention/request-erasure.ts';
import { databaseCommand, UsageError, type CommandContext, type CommandInput } from '../command.ts';
import { operatorName } from '../operator-name.ts';

/** Erases what a site knows of a visitor, or one call. */
export const eraseCommand = databaseCommand({
  name: 'erase',
  parameters: ['SITE'],
  options: {
    visitor: { type: 'string' },
    call: { type: 'string' },
    'dry-run': { type: 'boolean' },
  },
  optionsUsage: '(--visitor ID | --call ID) [--dry-run]',
  help: [
    'Deletes a visitor with all calls, or one call, and prints a signed certificate.',
    '--dry-run only counts what would be deleted.',
  ],
  request: closed({
    site: Type.String(),
    kind: OneOf('visitor', 'call'),
    subject: Type.String(),
    dryRun: Type.Boolean(),
    operator: Type.String(),
  }),
  read: async ({ parameters: [site = ''], options }) => ({
    site,
    ...readSubject(options),
    dryRun: options['dry-run'] === true,
    operator: operatorName(),
  }),
  run: async (context, { site, kind, subject, dryRun, operator }) => {
    const { database, logger } = context;
    const order = { siteId: site, kind, subject };
    const counts = await countErasure(database, order);
    if (dryRun) return `An erasure would delete:\n${listOf(counts)}`;
    const { id, receipt } = await requestErasure(database, {
      ...order,
      requestedBy: `operator ${operator}`,
      actor: { kind: 'operator', name: operator },
      address: null,
    });
    if (receipt) logAudit(logger, receipt);
    // Also here, since no server may be running. A server that runs takes steps of the same job.
    while (await carryOutErasures(database, logger));
    return report(context, site, id);
  },
});

const CALL_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function readSubject({ visitor, call }: CommandInput['options']) {
  if (typeof visitor === 'string' && call === undefined) {
    return { kind: 'visitor', subject: visitor } as const;
  }
  if (typeof call === 'string' && visitor === undefined) {
    if (!CALL_ID.test(call)) throw new UsageError('--call takes the id of a call.');
    return { kind: 'call', subject: call } as const;
  }
  throw new UsageError('erase takes either --visitor or --call.');
}

async function report(
  { database, key }: CommandContext,
  site: string,
  id: string,
): Promise<string> {
  const erasure = await readErasure(database, site, id);
  if (!erasure) throw new Error('The erasure is gone.');
  if (erasure.finishedAt === null) {
    return `A call is live or has a legal hold, or files are still there. The server goes on with erasure ${id}.\n`;
  }
  const certificate = await signCertificate(key, site, erasure);
  return `Deleted:\n${listOf(erasure.deleted)}\nThe certificate:\n${certificate}\n`;
}

const NAMES: Readonly<Record<string, string>> = {
  liveCalls: 'of them live calls',
  heldCalls: 'of them calls with a legal hold',
};

function listOf(counts: Partial<ErasureCount>): string {
  return Object.entries(counts)
    .map(([name, count]) => `  ${NAMES[name] ?? name}: ${count}\n`)
    .join('');
}
