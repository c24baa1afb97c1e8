import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Frame } from 'puppeteer-core';
import { Browsers } from '../support/browsers.ts';
import { startDeskNode, type DeskNode } from '../support/desk-node.ts';
import { FaultProxy } from '../support/fault-proxy.ts';
import {
  meet,
  openChat,
  press,
  sees,
  seesAndHears,
  shows,
  signIn,
  write,
} from '../support/page-actions.ts';
import { freshPostgres } from '../support/postgres.ts';
import { waitUntil } from '../support/wait-until.ts';

/** The states of the page's peer connections since the first call of this function. */
function connectionStates(frame: Frame): Promise<string[]> {
  return frame.evaluate(() => {
    const page = window as unknown as {
      __peerConnections: RTCPeerConnection[];
      __states?: Set<string>;
    };
    if (!page.__states) {
      const states = (page.__states = new Set<string>());
      for (const connection of page.__peerConnections) {
        connection.addEventListener('connectionstatechange', () =>
          states.add(connection.connectionState),
        );
      }
    }
    const open = page.__peerConnections.map((one) => one.connectionState);
    return [...page.__states, ...open.filter((state) => state !== 'closed')];
  });
}

describe('a call between two browsers, when its server goes away', () => {
  let first: DeskNode;
  let second: DeskNode;
  let balancer: FaultProxy;
  const browsers = new Browsers();
  let visitor: Frame;
  let agent: Frame;

  let url: string;

  before(async () => {
    url = await freshPostgres();
    first = await startDeskNode(url);
    second = await startDeskNode(url);
    balancer = await FaultProxy.start(first.port);
    agent = await browsers.desk(balancer.url);
    visitor = await browsers.visitor(balancer.url);
    await signIn(agent, 'alice');
    await press(visitor, 'Video call');
    await meet(agent, visitor);
    for (const side of [visitor, agent]) await openChat(side);
    for (const side of [visitor, agent]) await connectionStates(side);
  });

  afterEach((test) => browsers.report(test));
  after(async () => {
    await browsers.close();
    await balancer?.close();
    await first?.command.dispose();
    await second?.command.dispose();
  });

  /** Both see, hear and read each other, over the same peer connections. */
  async function goesOn(text: string): Promise<void> {
    await write(visitor, text);
    await sees(agent, text);
    await Promise.all([seesAndHears(visitor), seesAndHears(agent)]);
    for (const side of [visitor, agent]) {
      assert.deepEqual(await connectionStates(side), ['connected']);
      assert.equal(await shows(side, 'we reconnect'), false);
    }
  }

  it('goes on when the server is told to stop: another server carries the next message', async () => {
    balancer.retarget(second.port);
    first.command.kill('SIGTERM');
    assert.equal(await first.command.ended(), 0, first.command.stderr);
    await goesOn('after the stop');
  });

  it('goes on when the server is killed, with picture and sound also while there is no server', async () => {
    second.command.kill('SIGKILL');
    await second.command.ended();
    await waitUntil('both pages say so', async () => {
      const shown = await Promise.all([visitor, agent].map((side) => shows(side, 'we reconnect')));
      return shown.every(Boolean);
    });
    await Promise.all([seesAndHears(visitor), seesAndHears(agent)]);
    first = await startDeskNode(url);
    balancer.retarget(first.port);
    await goesOn('after the kill');
  });
});
