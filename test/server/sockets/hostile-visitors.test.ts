import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { pino } from 'pino';
import { requestCall } from '../../../src/server/calls/request-call.ts';
import { offeredLeg } from '../../support/agent-legs.ts';
import { onBothStores } from '../../support/both-stores.ts';
import { withCode } from '../../support/error-code.ts';
import { freshDataDirectory } from '../../support/fresh-data-directory.ts';
import { ProtocolClient } from '../../support/protocol-client.ts';
import {
  connect,
  deskOf,
  makeSite,
  newResume,
  startSignalingServer,
} from '../../support/signaling-server.ts';
import { waitUntil } from '../../support/wait-until.ts';

onBothStores((bench) => {
  test('a page of any length is no reason to refuse a call, and its agent gets at most 512 bytes of it', async () => {
    const { url, database } = bench.server;
    const site = await makeSite(database);
    const desk = await deskOf(url, site.agents[0]);
    const start = 'https://shop.example.com/';
    for (const path of ['文/'.repeat(1_000), `?${'x'.repeat(20_000)}`, '\u{1f6d2}'.repeat(5_000)]) {
      const visitor = await ProtocolClient.join(url, { role: 'visitor', site: site.id });
      const resume = newResume();
      const page = start + path;
      const { callId } = await visitor.command({ type: 'request-call', resume, params: {}, page });
      const view = await desk.waitFor((view) => offeredLeg(view)?.call.id === callId);
      const shown = offeredLeg(view)?.call.visitor.page ?? '';
      assert.ok(shown.startsWith(start) && Buffer.byteLength(shown) <= 512, shown);
      await visitor.command({ type: 'end-call', callId });
      await visitor.close();
    }
    await desk.close();
  });

  test('a hundred calls that say as much as they can leave an agent’s snapshot small', async () => {
    const { url, database } = bench.server;
    const site = await makeSite(database);
    for (let i = 0; i < 100; i += 1) {
      await requestCall(database, {
        siteId: site.id,
        resumeHash: randomBytes(32),
        name: '\u{1f600}'.repeat(40),
        params: { text: '文'.repeat(1_300) },
        page: `https://shop.example.com/${'x'.repeat(480)}`,
        language: 'x'.repeat(35),
      });
    }
    const desk = await deskOf(url, site.agents[0], 'break');
    const view = await desk.waitFor(({ waiting }) => waiting.length === 100);
    assert.equal(view.waiting.length, 100);
    const largest = Math.max(...desk.frames.map((frame) => Buffer.byteLength(frame)));
    assert.ok(largest < 64 * 1024, `${largest} bytes`);
    await desk.close();
  });

  test('control characters in params are invalid-params, and lines and tabs are not', async () => {
    const { url, database } = bench.server;
    const site = await makeSite(database);
    const client = await ProtocolClient.join(url, { role: 'visitor', site: site.id });
    const ask = (params: Record<string, string>) =>
      client.command({ type: 'request-call', resume: newResume(), params });
    for (const character of ['\u0001', '\u0008', '\u000b', '\r', '\u001b', '\u001f']) {
      await assert.rejects(ask({ a: `x${character}` }), withCode('invalid-params'));
      await assert.rejects(ask({ [`a${character}`]: 'x' }), withCode('invalid-params'));
    }
    await ask({ 'a\tb': 'line 1\nline\t2' });
    await client.close();
  });
});

test('a socket that is cut off because its peer does not read is logged, without personal data', async () => {
  const log: string[] = [];
  const logger = pino({ level: 'warn' }, { write: (line: string) => void log.push(line) });
  const { dataDir, remove } = await freshDataDirectory();
  const server = await startSignalingServer({ dataDir }, { logger });
  const site = await makeSite(server.database);
  const { visitor, desk, room, visitorTicket } = await connect(server.url, site);
  // The buffers of the kernel have to be full before anything piles up in the server.
  visitor.socket.pause();
  const data = 'x'.repeat(60_000);
  const cutOff = () => log.filter((line) => line.includes('its peer does not read'));
  await waitUntil('it is cut off', () => {
    desk.send({ type: 'signal', room, to: visitorTicket.participant, data });
    return cutOff().length > 0;
  });
  assert.equal(cutOff().length, 1);
  const {
    role,
    site: where,
    bufferedBytes,
  } = JSON.parse(cutOff()[0] ?? '') as Record<string, unknown>;
  assert.deepEqual([role, where], ['visitor', site.id]);
  assert.ok(Number(bufferedBytes) > 1024 * 1024);
  assert.doesNotMatch(log.join(''), /127\.0\.0\.1|Mei/);
  visitor.cut();
  await desk.close();
  await server.stop();
  await remove();
});
