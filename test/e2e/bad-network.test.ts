import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Frame } from 'puppeteer-core';
import { Browsers } from '../support/browsers.ts';
import { DeskProcess } from '../support/desk-process.ts';
import { MediaPath } from '../support/media-path.ts';
import {
  accept,
  find,
  meet,
  press,
  sees,
  seesAndHears,
  shows,
  signIn,
  wrapUp,
} from '../support/page-actions.ts';
import { waitUntil } from '../support/wait-until.ts';

/** Nothing is understood with so much loss: quality 1. */
const BAD_SHARE = 0.35;

const FALLEN = 'The network is too slow for video, so the call goes on with sound only.';
const RISEN = 'The network is better, and the video is back.';

describe('a call on a bad network', () => {
  let server: DeskProcess;
  let path: MediaPath;
  const browsers = new Browsers();

  before(async () => {
    server = await DeskProcess.start();
    path = new MediaPath();
  });
  afterEach((test) => browsers.close(test));
  after(async () => {
    await path?.close();
    await server?.dispose();
  });

  const sendsPicture = (frame: Frame) =>
    frame.evaluate(() => {
      const { __peerConnections: connections } = window as unknown as {
        __peerConnections: RTCPeerConnection[];
      };
      const senders = connections.flatMap((one) => one.getSenders());
      return senders.some(({ track }) => track?.kind === 'video');
    });

  it('goes on with sound only, tells both, and has the video back when the network is better', async () => {
    let desk = await browsers.person('about:blank');
    let visitor = await browsers.person('about:blank');
    for (const frame of [desk, visitor]) await path.install(frame.page());
    await desk.page().goto(`${server.url}/desk/demo?lang=en`);
    desk = desk.page().mainFrame();
    await signIn(desk, 'alice');
    await visitor.page().goto(`${server.url}/demo/site/?lang=en`);
    visitor = visitor.page().mainFrame();
    await press(visitor, 'Video call');
    await meet(desk, visitor);
    path.lose(BAD_SHARE);
    await Promise.all([sees(visitor, FALLEN), sees(desk, FALLEN)]);
    for (const frame of [desk, visitor]) {
      await waitUntil('no picture is sent', async () => !(await sendsPicture(frame)));
    }
    path.lose(0);
    // The network has to be good for 20 s before.
    await Promise.all(
      [visitor, desk].map((frame) =>
        waitUntil('the video is back', () => shows(frame, RISEN), 90_000),
      ),
    );
    await Promise.all([seesAndHears(visitor), seesAndHears(desk)]);
    await press(desk, 'End call');
    await wrapUp(desk);
  });

  it('that carries no media ends as a callback, which rings at the visitor', async () => {
    const desk = await browsers.desk(server.url);
    await signIn(desk, 'alice');
    let visitor = await browsers.person('about:blank');
    await visitor.page().evaluateOnNewDocument(() => {
      window.RTCPeerConnection = class {
        constructor() {
          throw new Error('no connections here');
        }
      } as unknown as typeof RTCPeerConnection;
    });
    await visitor.page().goto(`${server.url}/demo/site/?lang=en`);
    visitor = visitor.page().mainFrame();
    await press(visitor, 'Video call');
    await accept(desk);
    await sees(visitor, 'We can also call you back, and you keep your place in line.');
    await press(visitor, 'Call me back');
    await sees(visitor, 'Your callback: check its status, or cancel it');
    await find(desk, 'button', 'Finish wrap-up');
    await press(desk, 'Finish wrap-up');
    // The visitor is the first in line again.
    await accept(desk);
    await find(visitor, 'button', 'Join the call');
    assert.ok(await visitor.$('video-call-button'));
  });
});
