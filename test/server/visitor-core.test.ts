import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import type {
  VisitorCallControl,
  VisitorCallSnapshot,
} from '../../src/call/visitor-call-control.ts';
import { nodePlatform } from '../support/node-platform.ts';
import type { AgentClient } from '../support/protocol-client.ts';
import {
  deskOf,
  makeSite,
  startSignalingServer,
  type SignalingServer,
} from '../support/signaling-server.ts';
import type { createVisitorCall } from '../support/visitor-core.ts';
import { waitUntil } from '../support/wait-until.ts';

const ENTRY = new URL('../support/visitor-core.ts', import.meta.url).pathname;

/** Globals of browsers and Node that the language itself does not have. */
const FOREIGN_GLOBALS = [
  ...['window', 'document', 'navigator', 'location', 'localStorage', 'crypto', 'performance'],
  ...['WebSocket', 'fetch', 'URL', 'Blob', 'TextEncoder', 'AbortController', 'Event', 'atob'],
  ...['setTimeout', 'setInterval', 'queueMicrotask', 'structuredClone', 'console', 'process'],
];

/** Runs the bundled core in a context with nothing but the language. */
async function loadCore(): Promise<{ createVisitorCall: typeof createVisitorCall }> {
  const { outputFiles } = await build({
    ...{ entryPoints: [ENTRY], bundle: true, write: false, format: 'iife', globalName: 'core' },
    ...{ target: 'es2022', platform: 'neutral' },
  });
  const context = createContext({});
  // V8 itself adds a console to each context.
  runInContext('delete globalThis.console', context);
  for (const name of FOREIGN_GLOBALS) {
    assert.equal(runInContext(`typeof ${name}`, context), 'undefined', name);
  }
  runInContext(outputFiles[0]!.text, context);
  return runInContext('core', context) as { createVisitorCall: typeof createVisitorCall };
}

describe("the visitor's core", () => {
  let server: SignalingServer;
  let call: VisitorCallControl;
  let desk: AgentClient;

  before(async () => {
    server = await startSignalingServer({ dataDir: 'memory://' });
  });
  after(async () => {
    // A failed test leaves both clients behind.
    desk?.cut();
    void call?.hangUp();
    await server.stop();
  });

  const until = (what: string, condition: (snapshot: VisitorCallSnapshot) => unknown) =>
    waitUntil(what, () => Boolean(condition(call.getSnapshot())));
  const chat = () => call.getSnapshot().room?.getSnapshot().chat;

  it('runs a whole call without any global of a browser', async () => {
    const core = await loadCore();
    const site = await makeSite(server.database);
    call = core.createVisitorCall(nodePlatform(), { server: server.url, site: site.id });

    await call.start({ name: 'Vera', params: { device: 'METER-0042' }, language: 'en' });
    await until('queued', ({ position }) => position === 1);
    assert.equal(call.getSnapshot().state, 'queued');

    desk = await deskOf(server.url, site.agents[0]);
    const { legs } = await desk.waitFor((view) => view.legs[0]?.state === 'offered');
    const [offered] = legs;
    assert.deepEqual(offered!.call.visitor.params, { device: 'METER-0042' });
    await until('ringing', ({ state }) => state === 'ringing');
    await desk.command({ type: 'accept-offer', legId: offered!.id });
    const view = await desk.waitFor(({ legs }) => legs[0]?.rooms[0]?.ticket);
    const { room, participant } = view.legs[0]!.rooms[0]!.ticket!;
    await desk.command({ type: 'enter-room', room, participant });
    await until('connected', ({ state }) => state === 'connected');
    assert.equal(call.getSnapshot().agentName, 'Agent 0');

    const messageId = randomUUID();
    await desk.command({ type: 'chat-send', room, messageId, text: 'How can I help?' });
    await until('one message', () => chat()?.entries.length === 1);
    assert.equal(chat()?.unread, 1);
    call.getSnapshot().room!.markRead();
    await desk.message('chat-read', ({ marks }) => marks.some(({ sequence }) => sequence === 1));
    call.getSnapshot().room!.sendText('There is no power.');
    await until('the answer is sent', () => chat()?.entries[1]?.status === 'sent');
    await desk.until(() => desk.chat.length === 2, 'both messages');
    assert.deepEqual(
      desk.chat.map(({ text }) => text),
      ['How can I help?', 'There is no power.'],
    );

    await call.hangUp();
    const { state, ended } = call.getSnapshot();
    assert.deepEqual([state, ended?.reason], ['ended', 'visitor-ended']);
    await desk.waitFor(({ legs }) => legs[0]?.call.visitorLeftUntil);
  });
});
