import type { Database } from '../database/database.ts';
import { DatabaseUnavailable } from '../database/database-unavailable.ts';
import { noteLife } from '../presence/record-uptime.ts';
import { sweepCharge, sweepWrapUps } from './sweep-agents.ts';
import { sweepEnds, sweepHeldCalls } from './sweep-calls.ts';
import { sweepNodes } from './sweep-nodes.ts';
import { sweepPresence } from './sweep-presence.ts';
import { sweepSecrets } from './sweep-secrets.ts';

/**
 * Takes back what was left behind: any node does it, each second, by the database's clock as far as there
 * was a server. Each step is a commit of its own and right by itself: an error in one keeps none of the others from
 * being taken, and the first is what it rejects with. `alone` names this node where no other can be alive (an embedded
 * database): every other row is of a dead one.
 */
export async function sweep(
  db: Database,
  { alone }: { readonly alone?: string | undefined } = {},
): Promise<void> {
  await noteLife(db);
  let orphans: readonly string[] = [];
  const steps = [
    async () => {
      orphans = await sweepNodes(db, alone ?? null);
    },
    // Where the only server was away nobody had one to come back to: its agents get their grace now.
    () => sweepPresence(db),
    () => sweepHeldCalls(db, alone === undefined ? orphans : []),
    () => sweepEnds(db),
    () => sweepWrapUps(db),
    () => sweepCharge(db),
    () => sweepSecrets(db),
  ];
  const errors: unknown[] = [];
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      if (error instanceof DatabaseUnavailable && error.reason === 'away') throw error;
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
}
