import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { Browsers } from '../support/browsers.ts';
import { DeskProcess } from '../support/desk-process.ts';
import { findFirefox } from '../support/firefox.ts';
import {
  find,
  meet,
  openChat,
  press,
  sees,
  seesPicture,
  sendPicture,
  signIn,
  watches,
  wrapUp,
  write,
} from '../support/page-actions.ts';
import { writePicture } from '../support/picture.ts';

const firefox = findFirefox();

// Only if Firefox is installed: npm installs Chromium only.
if (firefox) {
  describe('a call between Firefox and Chrome', () => {
    let server: DeskProcess;
    const browsers = new Browsers();

    beforeEach(async () => {
      server = await DeskProcess.start();
    });
    afterEach(async (test) => {
      await browsers.close(test);
      await server.dispose();
    });

    for (const inFirefox of ['visitor', 'agent'] as const) {
      it(`has picture, sound and chat on both sides, with the ${inFirefox} in Firefox`, async () => {
        const options = (role: typeof inFirefox) => (role === inFirefox ? { firefox } : {});
        const agent = await browsers.desk(server.url, options('agent'));
        await signIn(agent, 'alice');
        const visitor = await browsers.visitor(server.url, options('visitor'));
        await press(visitor, 'Video call');
        await meet(agent, visitor);
        await watches(visitor, 'Alice Chen');
        await watches(agent, 'Visitor');
        for (const side of [visitor, agent]) await openChat(side);
        await write(visitor, 'my meter is dark');
        await sees(agent, 'my meter is dark');
        await write(agent, 'show it to me');
        await sees(visitor, 'show it to me');
        const picture = await writePicture();
        try {
          await sendPicture(visitor, picture.path);
          for (const side of [visitor, agent]) await seesPicture(side, picture);
        } finally {
          picture.remove();
        }
        await press(visitor, 'Mute microphone');
        await find(visitor, 'button', 'Unmute microphone');
        await press(visitor, 'Turn camera off');
        await find(visitor, 'button', 'Turn camera on');
        await press(agent, 'End call');
        await wrapUp(agent);
        await find(visitor, 'button', 'Call again');
        for (const side of [visitor, agent]) assert.deepEqual(browsers.complaints(side), []);
      });
    }
  });
}
