import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { reachableGroups } from '../../../src/server/flows/reachable-groups.ts';
import { contractFlow, flow } from './flow-fixture.ts';

const open = (hours: string[], groups: string[]) => ({
  hours: new Set(hours),
  groups: new Set(groups),
});
const reached = (document: typeof contractFlow, parts: ReturnType<typeof open>) =>
  [...reachableGroups(document, parts)].sort();

describe('the groups that a flow can reach', () => {
  it('are those behind every answer, and behind the one exit of the hours that holds', () => {
    const all = ['sales', 'service'];
    assert.deepEqual(reached(contractFlow, open(['office'], all)), all);
    assert.deepEqual(reached(contractFlow, open([], all)), []);
  });

  it('are open: a closed group is left for the next one by the exit `nobody` alone', () => {
    const document = flow({
      s: { type: 'start', next: { next: 'q1' } },
      q1: { type: 'queue', group: 'sales', next: { full: 'e', nobody: 'q2', timeout: 'q3' } },
      q2: { type: 'queue', group: 'service', next: { full: 'e', nobody: 'e', timeout: 'e' } },
      q3: { type: 'queue', group: 'night', next: { full: 'e', nobody: 'e', timeout: 'e' } },
      e: { type: 'end' },
    });
    assert.deepEqual(reached(document, open([], ['sales', 'service', 'night'])), ['sales']);
    assert.deepEqual(reached(document, open([], ['service', 'night'])), ['service']);
    assert.deepEqual(reached(document, open([], ['night'])), []);
  });

  it('are found in a circle, and where an exit leads nowhere', () => {
    const circle = flow({
      s: { type: 'start', next: { next: 'm' } },
      m: {
        type: 'menu',
        title: { en: 'M' },
        options: [
          { id: 'again', label: { en: 'A' } },
          { id: 'on', label: { en: 'B' } },
          { id: 'nowhere', label: { en: 'C' } },
        ],
        next: { again: 's', on: 'q' },
      },
      q: { type: 'queue', group: 'sales' },
    });
    assert.deepEqual(reached(circle, open([], ['sales'])), ['sales']);
  });
});
