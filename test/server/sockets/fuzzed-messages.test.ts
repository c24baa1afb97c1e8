import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type { TSchema } from '@sinclair/typebox';
import fc, { type Arbitrary } from 'fast-check';
import {
  commandSchemas,
  helloSchemas,
  noticeSchemas,
} from '../../../src/protocol/client-messages.ts';
import { activeLeg } from '../../support/agent-legs.ts';
import { onBothStores } from '../../support/both-stores.ts';
import { ProtocolClient, type HelloBody } from '../../support/protocol-client.ts';
import { fitting } from '../../support/schema-arbitrary.ts';
import { connect, makeSite } from '../../support/signaling-server.ts';

const RUNS = 40;
/** A socket is closed after 30 refusals. */
const FRAMES_OF_A_SOCKET = 25;

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
/** Values as they stand in a frame; some are no JSON. */
const strange: readonly string[] = [
  'NaN',
  'Infinity',
  '-0',
  '1e999',
  '123456789012345678901234567890',
  '0.5',
  'null',
  'true',
  '[]',
  '{}',
  'undefined',
  '""',
  '"\\u0000"',
  '"\\ud800"',
  '"\\u202e<img src=x onerror=alert(1)>"',
  '"\'; drop table calls; --"',
  '{"toString":1}',
  '{"__proto__":{"polluted":1}}',
  '{"constructor":{"prototype":{"polluted":1}}}',
  nested(15),
  nested(5_000),
  `"${'x'.repeat(60_000)}"`,
  `{"length":${'9'.repeat(400)}}`,
];

type Mutation = (body: Record<string, unknown>, which: number, value: string) => string;

const mutations: readonly Mutation[] = [
  (body) => JSON.stringify(body),
  // A field of another kind.
  (body, which, value) => withRaw(body, keyOf(body, which), value),
  // A field less, a field more.
  (body, which) => JSON.stringify({ ...body, [keyOf(body, which)]: undefined }),
  (body, _, value) => insert(body, `"more":${value}`),
  (body, _, value) => insert(body, `"__proto__":${value}`),
  (body, _, value) => insert(body, `"constructor":${value}`),
  // The same key twice: some parsers take the first one, some the last.
  (body, which, value) => insert(body, `${JSON.stringify(keyOf(body, which))}:${value}`),
  (body, which) => JSON.stringify({ ...body, [keyOf(body, which).toUpperCase()]: 1 }),
  // No longer JSON, or more than one.
  (body, which) => JSON.stringify(body).slice(0, 1 + (which % 60)),
  (body) => `${JSON.stringify(body)}${JSON.stringify(body)}`,
  (body) => `\ufeff${JSON.stringify(body)}`,
  (body) => JSON.stringify([body]),
];

function keyOf(body: Record<string, unknown>, which: number): string {
  const keys = Object.keys(body);
  return keys[which % keys.length] ?? 'type';
}

function withRaw(body: Record<string, unknown>, key: string, value: string): string {
  const mark = '@@@';
  return JSON.stringify({ ...body, [key]: mark }).replace(`"${mark}"`, () => value);
}

function insert(body: Record<string, unknown>, entry: string): string {
  return `${JSON.stringify(body).slice(0, -1)},${entry}}`;
}

onBothStores((bench) => {
  test('any message is answered and breaks nothing, and a call beside it goes on', async () => {
    const { url, database } = bench.server;
    const site = await makeSite(database);
    const { visitor, desk, room, callId, visitorTicket, agentTicket } = await connect(url, site);
    const strangers = await makeSite(database, 8);
    // Many messages carry ids of the call that goes on: none may reach it.
    const real: Record<string, Arbitrary<unknown>> = {
      callId: fc.constant(callId),
      legId: fc.constant(activeLeg(desk.view)?.id),
      room: fc.constant(room),
      participant: fc.constantFrom(visitorTicket.participant, agentTicket.participant),
      to: fc.constantFrom(visitorTicket.participant, agentTicket.participant),
    };
    const bodyOf = (schema: TSchema) =>
      fc.tuple(fitting(schema), fc.record(real), fc.boolean()).map(([fits, ids, own]) => {
        const body = { ...(fits as Record<string, unknown>) };
        for (const [key, id] of Object.entries(ids)) if (own && key in body) body[key] = id;
        return body;
      });
    const frameOf = (schema: TSchema) =>
      fc
        .tuple(bodyOf(schema), fc.constantFrom(...mutations), fc.nat(), fc.constantFrom(...strange))
        .map(([body, mutate, which, value]) => mutate(body, which, value));

    let agents = 0;
    const enter = async (hello: HelloBody): Promise<ProtocolClient> => {
      return (await ProtocolClient.join(url, hello)) as unknown as ProtocolClient;
    };
    const join: Record<string, () => Promise<ProtocolClient>> = {
      visitor: () => enter({ role: 'visitor', site: strangers.id }),
      agent: () => {
        const { token = '' } = strangers.agents[(agents += 1) % strangers.agents.length] ?? {};
        return enter({ role: 'agent', token });
      },
      nobody: () => ProtocolClient.open(url),
    };
    const schemas = { ...commandSchemas, ...noticeSchemas, ...helloSchemas };
    for (const [who, come] of Object.entries(join)) {
      let client = await come();
      let sent = 0;
      const say = async (frame: string): Promise<void> => {
        if (client.closed || (sent += 1) > FRAMES_OF_A_SOCKET) {
          if (!client.closed) await client.close();
          client = await come();
          sent = 0;
        }
        const answers = () => client.messages.filter(({ type }) => type !== 'snapshot');
        const before = answers().length;
        client.sendRaw(frame);
        await client.until(
          () => client.closed !== null || answers().length > before,
          `an answer to ${frame.slice(0, 300)}`,
        );
        for (const answer of answers().slice(before)) {
          const failed = 'code' in answer && answer.code === 'server-error';
          assert.ok(!failed, `${who}: ${JSON.stringify(answer)} to ${frame.slice(0, 300)}`);
        }
        const codes = [null, 1009, 4400, 4401, 4403, 4406, 4429];
        assert.ok(codes.includes(client.closed?.code ?? null), `${client.closed?.code}`);
      };
      for (const schema of Object.values(schemas)) {
        const runs = who === 'nobody' ? 5 : RUNS;
        await fc.assert(fc.asyncProperty(frameOf(schema), say), {
          numRuns: runs,
          endOnFailure: true,
        });
      }
      if (!client.closed) await client.close();
    }

    assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
    await desk.command({ type: 'chat-send', room, messageId: randomUUID(), text: 'still here' });
    await visitor.until(() => visitor.chat.length === 1, 'the one message');
    assert.deepEqual(
      [visitor.view.call?.state, activeLeg(desk.view)?.call.state, visitor.closed, desk.closed],
      ['connected', 'connected', null, null],
    );
    assert.equal(visitor.view.call?.rooms[0]?.number, room);
    await Promise.all([visitor.close(), desk.close()]);
  });
});
