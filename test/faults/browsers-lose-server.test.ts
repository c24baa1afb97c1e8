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

/** The states that a page's peer connections have been in since the last time it was asked. */
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

describe('a call between two browsers, whose server goes away under it', () => {
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

  /** Sees, hears and reads each other, over the connections that stood before. */
  async function goesOn(word: string): Promise<void> {
    await write(visitor, word);
    await sees(agent, word);
    await Promise.all([seesAndHears(visitor), seesAndHears(agent)]);
    for (const side of [visitor, agent]) {
      assert.deepEqual(await connectionStates(side), ['connected']);
      assert.equal(await shows(side, 'we reconnect'), false);
    }
  }

  it('goes on where the server is told to stop: the other carries what is written next', async () => {
    balancer.retarget(second.port);
    first.command.kill('SIGTERM');
    assert.equal(await first.command.ended(), 0, first.command.stderr);
    await goesOn('after the hand-over');
  });

  it('goes on where the server is killed, seen and heard also while there is none', async () => {
    second.command.kill('SIGKILL');
    await second.command.ended();
    await waitUntil('both are told', async () => {
      const told = await Promise.all([visitor, agent].map((side) => shows(side, 'we reconnect')));
      return told.every(Boolean);
    });
    await Promise.all([seesAndHears(visitor), seesAndHears(agent)]);
    first = await startDeskNode(url);
    balancer.retarget(first.port);
    await goesOn('after the death');
  });
});
