import { beginCallbacks } from '../callbacks/begin-callbacks.ts';
import { expireCallbacks } from '../callbacks/expire-callbacks.ts';
import type { Database } from '../database/database.ts';
import { DatabaseUnavailable } from '../database/database-unavailable.ts';
import { recordUptime } from '../presence/record-uptime.ts';
import { sweepRecordings } from '../recordings/sweep-recordings.ts';
import { sweepActiveTabs } from './sweep-active-tabs.ts';
import { sweepCalls } from './sweep-calls.ts';
import { sweepFlows } from './sweep-flows.ts';
import { sweepGuests } from './sweep-guests.ts';
import { sweepLegs } from './sweep-legs.ts';
import { sweepNodes } from './sweep-nodes.ts';
import { sweepPresence } from './sweep-presence.ts';
import { sweepSecrets } from './sweep-secrets.ts';
import { sweepWrapUps } from './sweep-wrap-ups.ts';

export interface SweepOptions {
  /** This node, if no other can run (an embedded database): every other node's row is of a dead one. */
  readonly onlyNode?: string | undefined;
}

/**
 * Takes back what nobody is waited for any longer. Every node does it each second, by the database's clock. Each step is
 * a commit of its own and right by itself: an error in one does not keep the next ones from running. Rejects with the first
 * error.
 */
export async function sweep(db: Database, { onlyNode }: SweepOptions = {}): Promise<void> {
  await recordUptime(db);
  let orphans: readonly string[] = [];
  const steps: (() => Promise<unknown>)[] = [
    async () => {
      orphans = await sweepNodes(db, onlyNode ?? null);
    },
    () => sweepPresence(db),
    () => sweepCalls(db),
    () => sweepFlows(db),
    () => expireCallbacks(db),
    () => beginCallbacks(db),
    // If the only server was away its agents had none to come back to: they get their grace now.
    () => sweepLegs(db, onlyNode === undefined ? orphans : []),
    () => sweepRecordings(db),
    () => sweepGuests(db),
    () => sweepWrapUps(db),
    () => sweepActiveTabs(db),
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
