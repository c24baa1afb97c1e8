import type { VisitorCard } from '../../call/agent-desk-control.ts';
import { shownName } from '../parts/shown-name.ts';

/** What to call somebody who may not have said a name. */
export function visitorName(visitor: VisitorCard): string {
  return shownName(visitor.name);
}
