import { checkHistory } from './check-history.ts';
import { HistoryBuilder, validHistory, type EditableHistory } from './valid-history.ts';

/**
 * The promises that the checker finds broken, each once. `change` edits a valid history, and adds events to `added`
 * in any order.
 */
export function brokenPromises(
  change: (history: EditableHistory, added: HistoryBuilder) => void,
): string[] {
  const history = validHistory();
  const added = new HistoryBuilder();
  change(history, added);
  const events = [...history.events, ...added.events].sort((a, b) => a.at - b.at);
  const breaches = checkHistory({ events, record: history.record });
  return [...new Set(breaches.map(({ promise }) => promise))];
}
