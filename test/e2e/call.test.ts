import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Frame } from 'puppeteer-core';
import { axeViolations } from '../support/axe.ts';
import { Browsers } from '../support/browsers.ts';
import { DeskProcess } from '../support/desk-process.ts';
import {
  accept,
  find,
  gone,
  openChat,
  press,
  sees,
  seesAndHears,
  seesPicture,
  sendPicture,
  signIn,
  watches,
  wrapUp,
  write,
} from '../support/page-actions.ts';
import { writePicture } from '../support/picture.ts';
import { waitUntil } from '../support/wait-until.ts';

describe('a call between two browsers on the demo pages', () => {
  let server: DeskProcess;
  const browsers = new Browsers();
  let visitor: Frame;
  let agent: Frame;

  before(async () => {
    server = await DeskProcess.start();
    agent = await browsers.desk(server.url);
    visitor = await browsers.visitor(server.url);
  });

  afterEach((test) => browsers.report(test));
  after(async () => {
    await browsers.close();
    await server?.dispose();
  });

  it('rings at the agent, with the parameters of the page', async () => {
    await signIn(agent, 'alice');
    await press(visitor, 'Video call');
    await find(visitor, 'dialog', 'Video support');
    await find(agent, 'alertdialog', 'Incoming call');
    await sees(agent, 'METER-0042');
    await sees(agent, 'No power at all');
  });

  it('shows and plays each side at the other', async () => {
    await accept(agent);
    await find(visitor, 'toolbar', 'Call controls');
    await find(agent, 'toolbar', 'Call controls');
    await Promise.all([seesAndHears(visitor), seesAndHears(agent)]);
    await watches(visitor, 'Alice Chen');
    await watches(agent, 'Visitor');
  });

  it('carries text and pictures both ways, in order, and emoji', async () => {
    for (const side of [visitor, agent]) await openChat(side);
    await write(visitor, 'The display is dark 🔌');
    await sees(agent, 'The display is dark 🔌');
    await write(agent, 'Show me the fuse box, please');
    await sees(visitor, 'Show me the fuse box, please');

    await press(visitor, 'Emoji');
    const emoji = await find(visitor, 'button', 'thumbs up');
    await emoji.click();
    await press(visitor, 'Send message');
    await sees(agent, '👍');

    const picture = await writePicture();
    try {
      await sendPicture(visitor, picture.path);
      await seesPicture(agent, picture);
    } finally {
      picture.remove();
    }
  });

  it('has no accessibility violation on either side, with the conversation open', async () => {
    assert.deepEqual(await axeViolations(visitor), []);
    assert.deepEqual(await axeViolations(agent), []);
  });

  it('shows the other side that the microphone is muted; the camera can be turned off and on', async () => {
    await press(visitor, 'Mute microphone');
    await find(visitor, 'button', 'Unmute microphone');
    await sees(agent, 'Microphone off');
    await press(visitor, 'Unmute microphone');
    await press(visitor, 'Turn camera off');
    await find(visitor, 'button', 'Turn camera on');
    await press(visitor, 'Turn camera on');
    await find(visitor, 'button', 'Turn camera off');
    await watches(agent, 'Visitor');
  });

  it('shows a shared screen at the other side', async () => {
    await press(agent, 'Share screen');
    await find(agent, 'button', 'Stop sharing');
    await find(visitor, 'group', 'Alice Chen’s screen');
    await watches(visitor, 'Alice Chen’s screen');
    await press(agent, 'Stop sharing');
    await gone(visitor, 'group', 'Alice Chen’s screen');
  });

  it('goes to full screen and to picture in picture at a press', async () => {
    const choose = async (name: string) => {
      await press(visitor, 'More');
      await press(visitor, name, 'menuitem');
    };
    await choose('Full screen');
    await waitUntil('the room fills the screen', () =>
      visitor.evaluate(() => document.fullscreenElement?.localName === 'video-call-button'),
    );
    await choose('Exit full screen');
    await waitUntil('the room is back in the page', () =>
      visitor.evaluate(() => !document.fullscreenElement),
    );
    await choose('Picture in picture');
    await waitUntil('the picture is in its own window', () =>
      visitor.evaluate(() => document.pictureInPictureElement?.localName === 'video-call-button'),
    );
    await choose('Picture in picture');
    await waitUntil('the picture is back in the page', () =>
      visitor.evaluate(() => !document.pictureInPictureElement),
    );
    await seesAndHears(visitor);
  });

  it('ends for both when the agent ends it; the agent wraps up', async () => {
    await press(agent, 'End call');
    await wrapUp(agent);
    await gone(visitor, 'toolbar', 'Call controls');
    await find(visitor, 'button', 'Close');
  });

  it('leaves no peer connection open and nothing on the console', async () => {
    for (const side of [visitor, agent]) {
      const alive = await side.evaluate(() => {
        const { __peerConnections } = window as unknown as {
          __peerConnections: RTCPeerConnection[];
        };
        return __peerConnections.filter((one) => one.connectionState !== 'closed').length;
      });
      assert.equal(alive, 0);
    }
    assert.deepEqual(browsers.complaints(visitor), []);
    assert.deepEqual(browsers.complaints(agent), []);
  });
});
