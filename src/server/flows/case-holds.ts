import type { FlowCase } from '../../protocol/flow.ts';
import type { FlowFacts, FlowState } from './flow-state.ts';

/** Whether a case of a `condition` holds. Texts are compared without regard to upper and lower case. */
export function caseHolds(one: FlowCase, params: FlowState['params'], facts: FlowFacts): boolean {
  switch (one.fact) {
    case 'verified':
      return facts.verified;
    case 'last-agent':
      return facts.lastAgent;
    case 'language':
    case 'page':
      return textHolds(one.test, facts[one.fact], one.value);
    case 'param': {
      const value = Object.hasOwn(params, one.name) ? params[one.name] : undefined;
      if (one.test === 'present') return value !== undefined && value !== '';
      return textHolds(one.test, value, one.value);
    }
    case 'wait': {
      const wait = facts.waits.get(one.group);
      if (wait === undefined) return false;
      return one.test === 'above' ? wait > one.seconds : wait < one.seconds;
    }
  }
}

function textHolds(
  test: 'equals' | 'contains' | 'starts-with',
  text: string | null | undefined,
  value: string | undefined,
): boolean {
  if (text === null || text === undefined || value === undefined) return false;
  const [found, wanted] = [text.toLowerCase(), value.toLowerCase()];
  if (test === 'equals') return found === wanted;
  return test === 'contains' ? found.includes(wanted) : found.startsWith(wanted);
}
