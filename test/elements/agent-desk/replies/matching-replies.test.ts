import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  filledReply,
  matchingReplies,
  replyQuery,
} from '../../../../src/elements/agent-desk/replies/matching-replies.ts';
import type { CannedReply } from '../../../../src/protocol/rest/canned-replies.ts';

const reply = (shortcut: string, text: string, language: CannedReply['language'] = null) => ({
  id: `${shortcut}-${language}`,
  scope: 'site' as const,
  group: null,
  agent: null,
  shortcut,
  language,
  text,
  picture: null,
});
const replies = [
  reply('hello', 'Hello {visitor}', 'en'),
  reply('hello', '您好 {visitor}', 'zh-CN'),
  reply('bye', 'Thank you, hello again soon'),
  reply('help', 'How can I help?'),
];
const found = (query: string, language: string | null) =>
  matchingReplies(replies, query, language).map(({ id }) => id);

test('a slash at the beginning of a message of one line asks for replies', () => {
  assert.equal(replyQuery('/'), '');
  assert.equal(replyQuery('/Hel'), 'hel');
  for (const text of ['', 'a/b', ' /hel', '/a\nb']) assert.equal(replyQuery(text), null);
});

test('shortcuts come before texts, and the visitor’s language before any and others', () => {
  assert.deepEqual(found('hel', 'zh-TW'), ['hello-zh-CN', 'help-null', 'hello-en', 'bye-null']);
  assert.deepEqual(found('hello', 'en-GB'), ['hello-en', 'hello-zh-CN', 'bye-null']);
  assert.deepEqual(found('nothing', null), []);
});

test('variables are filled in once, and what is unknown stays or is empty', () => {
  const facts = {
    visitor: { name: '{agent}', params: { device: 'M-1' } },
    agent: 'Alice',
    site: 'Northlight',
    group: 'Sales',
  };
  assert.equal(
    filledReply('{visitor} {agent} {site} {group} {param:device} {param:none}.{other}', facts),
    '{agent} Alice Northlight Sales M-1 .{other}',
  );
});
