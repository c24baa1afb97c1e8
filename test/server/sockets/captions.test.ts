import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { MAX_CAPTION_LENGTH, type CaptionSettings } from '../../../src/protocol/captions.ts';
import { MAX_LINES } from '../../../src/server/captions/add-caption.ts';
import { readCaptions } from '../../../src/server/captions/read-captions.ts';
import { activeLeg } from '../../support/agent-legs.ts';
import { onBothStores } from '../../support/both-stores.ts';
import { withCode } from '../../support/error-code.ts';
import { guest, roomOf } from '../../support/guest.ts';
import type { ProtocolClient } from '../../support/protocol-client.ts';
import { recordOn } from '../../support/recorded-site.ts';
import { connect, makeSite } from '../../support/signaling-server.ts';

onBothStores((bench) => {
  async function begin(mode: CaptionSettings['mode'], languages: readonly string[] = []) {
    const { url, database } = bench.server;
    const site = await makeSite(database);
    await database.query('update sites set captions = $2 where id = $1', [
      site.id,
      JSON.stringify({ mode, languages }),
    ]);
    const call = await connect(url, site);
    const { desk, visitor, room, callId } = call;
    const line = (text: string, change = {}) => ({
      type: 'add-caption' as const,
      room,
      captionId: randomUUID(),
      text,
      language: 'en',
      startedAt: Date.now(),
      ...change,
    });
    const kept = async () => (await readCaptions(database, callId)).map(({ text }) => text);
    const end = () => Promise.all([desk.close(), visitor.close()]);
    return { ...call, site, database, line, kept, end };
  }

  test('the ticket says what the site does with captions, and nothing where it has none', async () => {
    for (const [mode, expected] of [
      ['off', undefined],
      ['shown', { kept: false, languages: ['zh-CN', 'en'] }],
      ['kept', { kept: true, languages: ['zh-CN', 'en'] }],
    ] as const) {
      const { desk, visitor, end } = await begin(mode, ['zh-CN', 'en']);
      const tickets = [activeLeg(desk.view)?.rooms[0]?.ticket, visitor.view.call?.rooms[0]?.ticket];
      assert.deepEqual(
        tickets.map((ticket) => ticket?.captions),
        [expected, expected],
      );
      await end();
    }
  });

  test('what both sides say is kept with speaker and time, in the order in which it was begun', async () => {
    const { desk, visitor, callId, agentTicket, visitorTicket, database, line, end } =
      await begin('kept');
    const now = Date.now();
    const second = line('The red one.', { startedAt: now, language: 'zh-CN' });
    assert.deepEqual(await visitor.command(second), { kept: true });
    // Sending it again changes nothing.
    await visitor.command({ ...second, text: 'The green one.' });
    await desk.command(line('Which lamp is on?', { startedAt: now - 1 }));
    const lines = await readCaptions(database, callId);
    assert.deepEqual(
      lines.map(({ from, role, language, text }) => [from, role, language, text]),
      [
        [agentTicket.participant, 'agent', 'en', 'Which lamp is on?'],
        [visitorTicket.participant, 'visitor', 'zh-CN', 'The red one.'],
      ],
    );
    await end();
  });

  test('a line is kept with its translations, which may come later, and then stay', async () => {
    const { desk, visitor, callId, database, line, end } = await begin('kept');
    const chinese = [{ language: 'zh', text: '哪盏灯？' }];
    const whole = line('Which lamp?', { translations: chinese, startedAt: Date.now() - 1 });
    const late = line('Good bye.');
    await desk.command(whole);
    await desk.command({ ...whole, translations: [{ language: 'zh', text: '什么？' }] });
    await desk.command(late);
    // Neither somebody else nor another text changes a line.
    await visitor.command({ ...late, translations: [{ language: 'zh', text: '你好。' }] });
    await desk.command({
      ...late,
      text: 'Hello.',
      translations: [{ language: 'zh', text: '喂。' }],
    });
    const kept = async () =>
      (await readCaptions(database, callId)).map(({ text, translations }) => [text, translations]);
    assert.deepEqual(await kept(), [
      ['Which lamp?', chinese],
      ['Good bye.', []],
    ]);
    await desk.command({ ...late, translations: [{ language: 'zh', text: '再见。' }] });
    assert.deepEqual((await kept())[1], ['Good bye.', [{ language: 'zh', text: '再见。' }]]);
    for (const translations of [
      [{ language: 'zh', text: '' }],
      [{ language: 'zh', text: 'a\0b' }],
      [{ language: '<b>', text: 'a' }],
      [{ language: 'zh', text: 'a'.repeat(MAX_CAPTION_LENGTH + 1) }],
      Array.from({ length: 6 }, () => ({ language: 'zh', text: 'a' })),
    ]) {
      const wrong = desk.command(line('Hello', { translations }));
      await assert.rejects(wrong, withCode('bad-message'), JSON.stringify(translations));
    }
    await end();
  });

  test('a line is neither older than the call nor younger than now', async () => {
    const { desk, callId, database, line, end } = await begin('kept');
    await desk.command(line('early', { startedAt: 0 }));
    await desk.command(line('late', { startedAt: 8.64e15 }));
    const [early, late] = await readCaptions(database, callId);
    const { rows } = await database.query<{ begin: number; now: number }>(
      `select floor(extract(epoch from connected_at) * 1000)::float8 as begin,
              extract(epoch from clock_timestamp())::float8 * 1000 as now from calls where id = $1`,
      [callId],
    );
    assert.equal(early?.at, rows[0]?.begin);
    assert.ok(late && late.at <= rows[0]!.now);
    await end();
  });

  test('nothing is kept where the site only shows captions, or has none', async () => {
    for (const mode of ['off', 'shown'] as const) {
      const { desk, visitor, line, kept, end } = await begin(mode);
      for (const client of [desk, visitor] as unknown as ProtocolClient[]) {
        await assert.rejects(client.command(line('Hello')), withCode('forbidden'));
      }
      assert.deepEqual(await kept(), []);
      await end();
    }
  });

  test('nothing is kept of what may not be recorded', async () => {
    const { desk, visitor, callId, site, database, line, kept, end } = await begin('kept');
    await recordOn(database, site.id, { askFirst: true });
    const say = async (text: string) => (await desk.command(line(text))).kept;
    assert.equal(await say('before'), true);
    await desk.command({ type: 'start-recording', callId });
    assert.equal(await say('asked'), false);
    await visitor.command({ type: 'answer-recording', callId, agreed: true });
    assert.equal(await say('agreed'), true);
    await desk.command({ type: 'pause-recording', callId });
    assert.equal(await say('4111 1111 1111 1111'), false);
    await desk.command({ type: 'resume-recording', callId });
    assert.equal(await say('resumed'), true);
    assert.deepEqual(await kept(), ['before', 'agreed', 'resumed']);
    await end();
  });

  test('an agent whom nobody is shown, and somebody who may not speak, add nothing', async () => {
    const { desk, visitor, agentTicket, visitorTicket, database, line, kept, end } =
      await begin('kept');
    await database.query('update participants set hidden = true where id = $1', [
      agentTicket.participant,
    ]);
    await database.query('update participants set may_speak = false where id = $1', [
      visitorTicket.participant,
    ]);
    for (const client of [desk, visitor] as unknown as ProtocolClient[]) {
      await assert.rejects(client.command(line('Hello')), withCode('forbidden'));
    }
    assert.deepEqual(await kept(), []);
    await end();
  });

  test('nothing is added to a call that is over, nor to a room without a call', async () => {
    const { desk, visitor, callId, line, kept, end } = await begin('kept');
    await visitor.command({ type: 'end-call', callId });
    await assert.rejects(desk.command(line('Too late')), withCode('forbidden'));
    assert.deepEqual(await kept(), []);
    await end();
    const room = await roomOf(bench);
    const { client } = await guest(bench.server.url, room, 'guest');
    await assert.rejects(client.command({ ...line('Hello'), room }), withCode('forbidden'));
    await client.close();
  });

  test('a line has its limits, and so has a call', async () => {
    const { desk, callId, agentTicket, database, line, end } = await begin('kept');
    for (const text of ['', 'a'.repeat(MAX_CAPTION_LENGTH + 1), 'a\0b', 'a\ud800']) {
      await assert.rejects(desk.command(line(text)), withCode('bad-message'), JSON.stringify(text));
    }
    await desk.command(line('字'.repeat(MAX_CAPTION_LENGTH)));
    await database.query(
      `insert into transcript_lines (call_id, id, participant_id, spoken_at, language, text)
       select $1, gen_random_uuid(), $2, now(), 'en', 'filled' from generate_series(2, $3)`,
      [callId, agentTicket.participant, MAX_LINES],
    );
    await assert.rejects(desk.command(line('one more')), withCode('conflict'));
    await end();
  });
});
