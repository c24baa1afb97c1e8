import { msg } from '@lit/localize';
import type { VisitorCard } from '../../call/agent-desk-control.ts';

/** What to call somebody who may not have said a name. */
export function visitorName(visitor: VisitorCard): string {
  return visitor.name.trim() || msg('Visitor');
}
