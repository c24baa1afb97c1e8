import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Frame } from 'puppeteer-core';
import { axeViolations } from '../support/axe.ts';
import { Browsers } from '../support/browsers.ts';
import { DeskProcess } from '../support/desk-process.ts';
import { drawnMarks } from '../support/drawn-marks.ts';
import { find, gone, meet, openChat, press, sees, shows, signIn } from '../support/page-actions.ts';
import { waitUntil } from '../support/wait-until.ts';

describe('an agent draws on the picture of a visitor', () => {
  let server: DeskProcess;
  const browsers = new Browsers();
  let visitor: Frame;
  let agent: Frame;

  before(async () => {
    server = await DeskProcess.start();
    agent = await browsers.desk(server.url);
    visitor = await browsers.visitor(server.url);
    await signIn(agent, 'alice');
    await press(visitor, 'Video call');
    await meet(agent, visitor);
    await find(agent, 'toolbar', 'Picture tools');
  });
  afterEach((test) => browsers.report(test));
  after(async () => {
    await browsers.close();
    await server?.dispose();
  });

  /** The middle of the marks at both sides, as shares of the frame. */
  const bothSides = () =>
    waitUntil('both sides show the marks', async () => {
      const [there, here] = [await drawnMarks(visitor), await drawnMarks(agent)];
      return there && here && { there, here };
    });

  it('at the same place of the frame, which the visitor sees mirrored and smaller', async () => {
    await press(agent, 'Draw');
    await find(agent, 'application', 'Draw on Visitor’s picture');
    await press(agent, 'Number');
    const { keyboard } = agent.page();
    for (let step = 0; step < 5; step += 1) await keyboard.press('ArrowLeft');
    for (let step = 0; step < 3; step += 1) await keyboard.press('ArrowUp');
    await keyboard.press('Enter');
    // The cross of the keyboard's position is not a mark.
    await keyboard.press('Escape');
    await sees(visitor, 'is drawing on the picture');
    const { there, here } = await bothSides();
    for (const middle of [there, here]) {
      assert.ok(Math.abs(middle.across - 3 / 16) < 0.03, JSON.stringify({ there, here }));
      assert.ok(Math.abs(middle.down - 1 / 4) < 0.03, JSON.stringify({ there, here }));
    }
    assert.notEqual(there.mirrored, here.mirrored);
    assert.deepEqual(await axeViolations(visitor), []);
    assert.deepEqual(await axeViolations(agent), []);
  });

  it('freezes the picture for both, with the mark that is on it', async () => {
    await press(agent, 'Freeze picture');
    await sees(visitor, 'has frozen the picture');
    await find(agent, 'button', 'Live picture');
    const { there, here } = await bothSides();
    assert.deepEqual([there.frozen, here.frozen], [true, true]);
    assert.ok(Math.abs(there.across - here.across) < 0.03, JSON.stringify({ there, here }));
  });

  it('is there again when the visitor has reloaded the page', async () => {
    await visitor.page().reload();
    visitor = visitor.page().mainFrame();
    await sees(visitor, 'has frozen the picture');
    const { there, here } = await bothSides();
    assert.ok(Math.abs(there.across - here.across) < 0.03, JSON.stringify({ there, here }));
  });

  it('saves the picture into the chat, and goes back to the live one', async () => {
    await openChat(visitor);
    await press(agent, 'Save in the chat');
    await find(visitor, 'button', 'Picture from Alice Chen');
    await press(agent, 'Live picture');
    await waitUntil('the drawing is gone', async () => !(await drawnMarks(visitor)));
    assert.equal(await shows(visitor, 'has frozen the picture'), false);
  });

  it('asks for a sharper picture, which the visitor allows', async () => {
    const height = () =>
      visitor.evaluate(() => {
        const { __peerConnections: connections } = window as unknown as {
          __peerConnections: RTCPeerConnection[];
        };
        const senders = connections.flatMap((one) => one.getSenders());
        const camera = senders.map(({ track }) => track).find((track) => track?.kind === 'video');
        return [camera?.getSettings().height, camera?.contentHint];
      });
    assert.deepEqual(await height(), [720, '']);
    await press(agent, 'Sharper picture');
    await find(
      visitor,
      'alertdialog',
      'Alice Chen asks for a sharper picture, to read small print.',
    );
    await press(visitor, 'Allow');
    await sees(agent, 'The picture is sharper now.');
    assert.deepEqual(await height(), [1080, 'detail']);
  });

  it('asks for the device of the visitor, who can refuse; the agent is told', async () => {
    await press(agent, 'Torch');
    await find(visitor, 'alertdialog', 'Alice Chen asks you to turn on your light.');
    await press(visitor, 'Not now');
    await sees(agent, 'Visitor declined.');
    await gone(visitor, 'alertdialog', 'Alice Chen asks you to turn on your light.');
    assert.deepEqual(browsers.complaints(visitor), []);
    assert.deepEqual(browsers.complaints(agent), []);
  });
});
