import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  commandSchemas,
  helloSchemas,
  noticeSchemas,
} from '../../../src/protocol/client-messages.ts';
import { parseMessage } from '../../../src/server/sockets/message-parser.ts';

const room = 7;
const uuid = '00000000-0000-4000-8000-000000000000';
const resume = 'A'.repeat(43);
const correct: Record<string, Record<string, unknown>> = {
  'request-call': { resume, params: { device: 'METER-0042' } },
  'flow-answer': { callId: uuid, node: 'm', value: 'fault' },
  'report-hidden': { callId: uuid },
  'offer-hand-over': {},
  'take-hand-over': { code: 'A'.repeat(22), resume },
  'end-call': { callId: uuid },
  'set-status': { status: 'available' },
  'accept-offer': { legId: uuid },
  'decline-offer': { legId: uuid },
  'finish-wrap-up': { legId: uuid },
  'extend-wrap-up': { legId: uuid },
  'set-disposition': { callId: uuid, code: null },
  'save-note': { callId: uuid, note: '' },
  'set-tags': { callId: uuid, tags: [] },
  'read-dispositions': {},
  'canned-replies': {},
  'canned-reply-picture': { replyId: uuid, offset: 0 },
  'visitor-history': { callId: uuid },
  'read-past-call': { callId: uuid },
  'play-recording': { recordingId: uuid },
  'past-messages': { callId: uuid, after: 0 },
  'past-picture': { callId: uuid, pictureId: uuid, offset: 0 },
  'follow-ups': {},
  'change-follow-up': { followUpId: uuid, version: 'x' },
  'call-back': { followUpId: uuid, version: 'x' },
  'activate-tab': {},
  'enter-room': { room, participant: 'p1' },
  'leave-room': { room, participant: 'p1' },
  'report-first-frame': { room, participant: 'p1', sincePress: 1_500 },
  'renew-ticket': { room, participant: 'p1' },
  'renew-token': { token: 'x' },
  'fall-back': { room, participant: 'p1' },
  'end-with-callback': { room, participant: 'p1' },
  'chat-send': { room, messageId: uuid, text: 'hello' },
  'chat-history': { room, after: 0 },
  'chat-read': { room, sequence: 1 },
  'change-drawing': { room, change: { kind: 'clear' } },
  'request-device-action': { room, to: 'p2', requestId: uuid, action: { kind: 'photo' } },
  'add-caption': {
    room,
    captionId: uuid,
    text: 'Good morning.',
    language: 'en',
    translations: [{ language: 'zh', text: '早上好。' }],
    startedAt: 1_700_000_000_000,
  },
  'answer-device-request': { room, to: 'p2', requestId: uuid, answer: 'done' },
  'start-recording': { callId: uuid },
  'pause-recording': { callId: uuid },
  'resume-recording': { callId: uuid },
  'stop-recording': { callId: uuid },
  'recording-failed': { callId: uuid, reason: 'media' },
  'answer-recording': { callId: uuid, agreed: true },
  point: { room, at: [0.5, 1] },
  signal: { room, to: 'p2', data: { sdp: 'x' } },
  typing: { room },
  ping: {},
};

function refusal(frame: string) {
  const parsed = parseMessage(frame);
  assert.equal(parsed.kind, 'refused');
  return parsed.kind === 'refused' ? parsed : assert.fail();
}

test('every message of the protocol is understood in its shortest form', () => {
  for (const type of [...Object.keys(commandSchemas), ...Object.keys(noticeSchemas)]) {
    const id = type in commandSchemas ? { id: '1' } : {};
    const parsed = parseMessage(JSON.stringify({ type, ...id, ...correct[type] }));
    assert.notEqual(parsed.kind, 'refused', `${type}: ${JSON.stringify(parsed)}`);
  }
  const hellos = {
    visitor: { site: 'demo', resume },
    agent: { token: 't', fresh: true },
    guest: { token: 't' },
    console: {},
  };
  for (const role of Object.keys(helloSchemas) as (keyof typeof hellos)[]) {
    const parsed = parseMessage(
      JSON.stringify({ type: 'hello', protocol: 1, role, ...hellos[role] }),
    );
    assert.equal(parsed.kind, 'hello');
  }
});

test('a message with an additional, a missing or a wrong field is refused', () => {
  for (const [type, body] of Object.entries(correct)) {
    const id = type in commandSchemas ? { id: '1' } : {};
    const whole: Record<string, unknown> = { type, ...id, ...body };
    refusal(JSON.stringify({ ...whole, extra: 1 }));
    for (const field of Object.keys(whole)) {
      if (['text', 'data', 'type'].includes(field)) continue;
      // A line need not be translated.
      if (field !== 'translations') refusal(JSON.stringify({ ...whole, [field]: undefined }));
      refusal(JSON.stringify({ ...whole, [field]: { not: ['this'] } }));
      // The answer to a step of a flow may be null: back to the step before. So may a disposition: none; a pointer; and
      // the time since the press, where nobody pressed.
      if (!['value', 'code', 'at', 'sincePress'].includes(field))
        refusal(JSON.stringify({ ...whole, [field]: null }));
    }
  }
});

test('a refused command keeps the id that its sender waits for', () => {
  assert.equal(refusal('{"type":"end-call","id":"c1","callId":"no"}').id, 'c1');
  assert.equal(refusal('{"type":"nonsense","id":"c2"}').id, 'c2');
  assert.equal(refusal('{"type":"end-call","id":{},"callId":"no"}').id, null);
});

test('params that are too many, too large or no strings are invalid-params', () => {
  const many = Object.fromEntries(Array.from({ length: 33 }, (_, i) => [`k${i}`, 'v']));
  for (const params of [many, { a: 1 }, { a: 'x'.repeat(5000) }, { ['k'.repeat(65)]: 'v' }, []]) {
    const frame = JSON.stringify({ type: 'request-call', id: 'r', resume, params });
    assert.deepEqual(
      [refusal(frame).code, refusal(frame).id],
      ['invalid-params', 'r'],
      JSON.stringify(params).slice(0, 40),
    );
  }
});

test('__proto__ and constructor.prototype are refused at any depth, and change nothing', () => {
  const inParams = `{"type":"request-call","id":"r","resume":"${resume}","params":{"__proto__":"x"}}`;
  assert.deepEqual([refusal(inParams).code, refusal(inParams).id], ['invalid-params', 'r']);
  const deep = '{"type":"signal","room":1,"to":"a","data":{"a":{"__proto__":{"polluted":true}}}}';
  assert.equal(refusal(deep).code, 'bad-message');
  const escaped = '{"type":"ping","\\u005f_proto__":{"polluted":true}}';
  assert.equal(refusal(escaped).code, 'bad-message');
  refusal(
    '{"type":"signal","room":1,"to":"a","data":{"constructor":{"prototype":{"polluted":1}}}}',
  );
  assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
});

test('another version of the protocol is unsupported-protocol, not bad-message', () => {
  const hello = { type: 'hello', protocol: 2, role: 'visitor', site: 'demo' };
  assert.equal(refusal(JSON.stringify(hello)).code, 'unsupported-protocol');
  assert.equal(refusal(JSON.stringify({ ...hello, protocol: '1' })).code, 'bad-message');
});

test('a signal nested deeper than any session description is refused', () => {
  const deep = '['.repeat(30_000) + ']'.repeat(30_000);
  assert.equal(refusal(`{"type":"signal","room":1,"to":"a","data":${deep}}`).code, 'bad-message');
});

test('a type or role that is no string is refused, at any depth of nesting', () => {
  const deep = '['.repeat(30_000) + ']'.repeat(30_000);
  for (const value of [deep, '{}', '["ping"]', '1', 'null']) {
    assert.equal(refusal(`{"type":${value}}`).code, 'bad-message');
    assert.equal(refusal(`{"type":"hello","protocol":1,"role":${value}}`).code, 'bad-message');
  }
});

test('names of Object.prototype are no message types', () => {
  for (const type of ['toString', 'constructor', 'hasOwnProperty', '', 'HELLO']) {
    assert.equal(refusal(JSON.stringify({ type })).code, 'bad-message');
  }
  refusal('{"type":"hello","protocol":1,"role":"toString"}');
});

test('no frame makes the parser throw', () => {
  const types = Object.keys(correct);
  const anything = fc.oneof(
    fc.string({ maxLength: 300 }),
    fc.json(),
    fc
      .record({ type: fc.constantFrom(...types, 'hello'), id: fc.anything() })
      .chain((base) =>
        fc
          .dictionary(fc.string(), fc.anything({ withNullPrototype: true }), { maxKeys: 6 })
          .map((extra) => safeJson({ ...base, ...extra })),
      ),
    fc.tuple(fc.constantFrom(...types), fc.jsonValue(), fc.nat()).map(([type, value, which]) => {
      const body: Record<string, unknown> = { type, id: 'f', ...correct[type] };
      const fields = Object.keys(body);
      body[fields[which % fields.length] ?? 'type'] = value;
      return JSON.stringify(body);
    }),
  );
  fc.assert(
    fc.property(anything, (frame) => {
      const parsed = parseMessage(frame);
      if (parsed.kind === 'refused') assert.equal(typeof parsed.code, 'string');
      else assert.ok(parsed.message.type in correct || parsed.kind === 'hello');
    }),
    { numRuns: 1500 },
  );
});

function safeJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    // A bigint cannot be in a frame.
    return '{}';
  }
}
