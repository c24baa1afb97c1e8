import type { Flow, FlowStep } from '../../../src/protocol/flow.ts';
import type { FlowFacts } from '../../../src/server/flows/flow-state.ts';

/** A flow with these steps. `s` is the start. */
export function flow(nodes: Record<string, FlowStep>): Flow {
  return { schema: 1, start: 's', nodes };
}

/** The example of the contract. */
export const contractFlow = flow({
  s: { type: 'start', next: { next: 'h' } },
  h: { type: 'hours', hours: 'office', next: { open: 'm', closed: 'l' } },
  m: {
    type: 'menu',
    title: { en: 'What is it about?', 'zh-CN': '请选择问题类型' },
    options: [
      { id: 'product', label: { en: 'Product question', 'zh-CN': '产品咨询' } },
      { id: 'fault', label: { en: 'Report a fault', 'zh-CN': '产品报障' } },
    ],
    next: { product: 'q1', fault: 'q2' },
  },
  q1: { type: 'queue', group: 'sales', next: { full: 'l', nobody: 'l', timeout: 'c' } },
  q2: {
    type: 'queue',
    group: 'service',
    priority: 2,
    next: { full: 'l', nobody: 'l', timeout: 'c' },
  },
  c: { type: 'callback', next: { done: 'e', refused: 'l' } },
  l: { type: 'leave-message', next: { done: 'e', skipped: 'e' } },
  e: { type: 'end' },
});

export const references = {
  groups: new Set(['sales', 'service']),
  hours: new Set(['office']),
  requestHosts: new Set(['crm.shop.test']),
};

export function facts(change: Partial<FlowFacts> = {}): FlowFacts {
  return {
    language: 'en',
    page: 'https://shop.test/help',
    verified: false,
    lastAgent: false,
    consentRefused: false,
    openHours: new Set(['office']),
    waits: new Map(),
    ...change,
  };
}
