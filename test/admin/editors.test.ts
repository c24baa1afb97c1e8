import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  addNode,
  changeNode,
  listNodes,
  moveNode,
  removeNode,
} from '../../src/admin/pages/dispositions/disposition-tree.ts';
import { pasteLine } from '../../src/admin/pages/site/paste-line.ts';
import { compareChanges, mergeChanges } from '../../src/admin/parts/merge-changes.ts';
import { suggestId } from '../../src/admin/parts/suggest-id.ts';

describe('two versions of the same thing', () => {
  const base = { name: 'A', seconds: 20, rules: { rings: [] } };
  const mine = { ...base, name: 'B' };
  const theirs = { ...base, name: 'C', seconds: 30 };

  it('are compared field by field', () => {
    assert.deepEqual(compareChanges(base, mine, theirs), [
      { name: 'name', theirs: 'C', mine: 'B' },
      { name: 'seconds', theirs: 30, mine: undefined },
    ]);
  });

  it('are merged: the other version with the fields that this person changed', () => {
    assert.deepEqual(mergeChanges(base, mine, theirs), { ...theirs, name: 'B' });
  });

  it('are the same if an inner value is equal', () => {
    assert.deepEqual(compareChanges(base, mine, { ...base, rules: { rings: [] } }), []);
  });
});

describe('the tree of dispositions', () => {
  const leaf = (code: string) => ({ code, label: { en: code } });
  const tree = [{ ...leaf('a'), children: [leaf('b'), leaf('c')] }, leaf('d')];
  const codes = (nodes: typeof tree | ReturnType<typeof addNode>) =>
    listNodes(nodes).map(({ node, path }) => `${path.length}${node.code}`);

  it('is listed from top to bottom with its levels', () => {
    assert.deepEqual(codes(tree), ['1a', '2b', '2c', '1d']);
  });

  it('takes a new node at the root and below a node', () => {
    assert.deepEqual(codes(addNode(tree, [], leaf('e'))), ['1a', '2b', '2c', '1d', '1e']);
    assert.deepEqual(codes(addNode(tree, [0, 1], leaf('e'))), ['1a', '2b', '2c', '3e', '1d']);
  });

  it('moves, changes and removes a node in its place', () => {
    assert.deepEqual(codes(moveNode(tree, [0, 1], -1)), ['1a', '2c', '2b', '1d']);
    assert.deepEqual(codes(changeNode(tree, [1], { code: 'x' })), ['1a', '2b', '2c', '1x']);
    assert.deepEqual(codes(removeNode(tree, [0, 0])), ['1a', '2c', '1d']);
  });

  it('has no empty list of children', () => {
    const [node] = removeNode([{ ...leaf('a'), children: [leaf('b')] }], [0, 0]);
    assert.deepEqual(node, leaf('a'));
  });
});

describe('the line to paste', () => {
  const plain = { theme: 'auto', placement: 'bottom-end', accent: null, label: {} } as const;

  it('is the script alone if everything is the default', () => {
    assert.equal(
      pasteLine('https://desk.example.com', 'demo', plain, 'en'),
      '<script type="module" src="https://desk.example.com/rtc-desk.js" data-site="demo"></script>',
    );
  });

  it('has an element with the attributes that were chosen', () => {
    const button = { ...plain, placement: 'inline', theme: 'dark', accent: '#102030' } as const;
    const line = pasteLine('https://desk.example.com', 'demo', button, 'en');
    assert.match(
      line,
      /<video-call-button site="demo" placement="inline" theme="dark" style="--rtc-accent: #102030">/,
    );
  });

  it('escapes a text, so that it stays a text', () => {
    const button = { ...plain, label: { en: '"><script>alert(1)</script>' } };
    const line = pasteLine('https://desk.example.com', 'demo', button, 'en');
    assert.ok(line.includes('label="&quot;>&lt;script>alert(1)&lt;/script>"'));
  });
});

describe('a suggested id', () => {
  for (const [name, id] of [
    ['After sales', 'after-sales'],
    ['  Störung & Netz ', 'storung-netz'],
    ['售后', ''],
  ] as const) {
    it(`of “${name}” is “${id}”`, () => assert.equal(suggestId(name), id));
  }
});
