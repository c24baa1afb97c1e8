import { after, afterEach, before, describe, it } from 'node:test';
import type { Frame } from 'puppeteer-core';
import { Browsers } from '../support/browsers.ts';
import { DeskProcess } from '../support/desk-process.ts';
import { FaultProxy } from '../support/fault-proxy.ts';
import { MediaPath } from '../support/media-path.ts';
import { meet, press, seesAndHears, signIn, wrapUp } from '../support/page-actions.ts';
import { waitUntil } from '../support/wait-until.ts';

interface WatchedPage {
  readonly __peerConnections: readonly RTCPeerConnection[];
}

/** The states of the page's peer connections, and the names of their present ICE sessions. */
const connectionsOf = (frame: Frame) =>
  frame.evaluate(() =>
    (window as unknown as WatchedPage).__peerConnections.map((one) => ({
      state: one.connectionState,
      ice: /a=ice-ufrag:(\S+)/.exec(one.localDescription?.sdp ?? '')?.[1],
    })),
  );

describe('the picture of a call whose network changes', () => {
  let server: DeskProcess;
  let proxy: FaultProxy;
  let path: MediaPath;
  let desk: Frame;
  let visitor: Frame;
  const browsers = new Browsers();

  before(async () => {
    server = await DeskProcess.start();
    proxy = await FaultProxy.start(server.port);
    path = new MediaPath();
    desk = await browsers.person('about:blank');
    visitor = await browsers.person('about:blank');
    for (const frame of [desk, visitor]) await path.install(frame.page());
    await desk.page().goto(`${server.url}/desk/demo?lang=en`);
    desk = desk.page().mainFrame();
    await signIn(desk, 'alice');
    await visitor.page().goto(`${proxy.url}/demo/site/?lang=en`);
    visitor = visitor.page().mainFrame();
    await press(visitor, 'Video call');
    await meet(desk, visitor);
  });
  afterEach((test) => browsers.report(test));
  after(async () => {
    await press(desk, 'End call');
    await wrapUp(desk);
    await browsers.close();
    await path.close();
    await proxy.close();
    await server.dispose();
  });

  it('comes back after a change of the address, with new candidates', async () => {
    const before = (await connectionsOf(visitor)).map(({ ice }) => ice);
    await path.change();
    proxy.drop();
    const restarted = async () => {
      const now = await connectionsOf(visitor);
      return now.some(({ state, ice }) => state === 'connected' && !before.includes(ice));
    };
    await waitUntil('ICE is restarted', restarted, 60_000);
    await Promise.all([seesAndHears(visitor), seesAndHears(desk)]);
  });

  it('comes back after an interruption of media and signaling', async () => {
    proxy.cut();
    path.cut();
    await waitUntil('both have noticed', async () => {
      const states = [...(await connectionsOf(visitor)), ...(await connectionsOf(desk))];
      return states.every(({ state }) => state !== 'connected');
    });
    proxy.mend();
    path.mend();
    await Promise.all([seesAndHears(visitor), seesAndHears(desk)]);
  });
});
