import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { Browsers } from '../support/browsers.ts';
import { DeskProcess } from '../support/desk-process.ts';
import { freePort } from '../support/free-port.ts';
import { HostSite } from '../support/host-site.ts';
import {
  deskFrame,
  find,
  leaveForGood,
  meet,
  openChat,
  press,
  sees,
  sendPicture,
  signIn,
  write,
} from '../support/page-actions.ts';
import { writePicture } from '../support/picture.ts';

const PASSWORD = 'copper-kettle-91';

describe('pages of other origins', () => {
  let server: DeskProcess;
  let shop: HostSite;
  let crm: HostSite;
  let unlisted: HostSite;
  let listing: HostSite;
  let framing: HostSite;
  const browsers = new Browsers();
  const pasted = (attributes: string) =>
    `<!doctype html><html lang="en"><title>Shop</title><h1>Shop</h1>
     <script type="module" src="${server.url}/rtc-desk.js" ${attributes}></script></html>`;

  before(async () => {
    const port = await freePort();
    const desk = `http://localhost:${port} ws://localhost:${port}`;
    shop = await HostSite.start(() => pasted('data-site="shop" data-params-from-url="order"'), {
      'Content-Security-Policy':
        `default-src 'none'; script-src ${desk}; connect-src ${desk}; img-src ${desk}; ` +
        `media-src ${desk}; require-trusted-types-for 'script'`,
    });
    unlisted = await HostSite.start(() => pasted('data-site="shop"'));
    listing = await HostSite.start(() => pasted('data-site="shop"'), {
      'Content-Security-Policy': `require-trusted-types-for 'script'; trusted-types rtc-desk`,
    });
    framing = await HostSite.start(
      () =>
        `<!doctype html><title>Portal</title><iframe src="${shop.origin}" width="600" height="700"></iframe>`,
    );
    crm = await HostSite.start(
      () => `<!doctype html><html lang="en"><title>CRM</title><h1 id="who">Nobody calls</h1>
        <iframe src="${server.url}/desk/shop?lang=en" width="600" height="700"
          allow="camera; microphone; autoplay; display-capture; fullscreen"></iframe>
        <script type="module">
          import { connectDesk } from '${server.url}/crm-bridge.js';
          const desk = await connectDesk(document.querySelector('iframe'));
          desk.addEventListener('call-offered', (event) => {
            document.querySelector('#who').textContent = 'Order ' + event.detail.params.order;
          });
        </script></html>`,
    );
    server = await DeskProcess.start({ port, provision: provisioned() });
  });

  function provisioned() {
    return {
      sites: [
        {
          id: 'shop',
          name: 'Shop',
          origins: [shop.origin, listing.origin],
          crmOrigins: [crm.origin],
          groups: [{ id: 'help', name: 'Help' }],
          agents: [{ username: 'jo', name: 'Jo Park', password: PASSWORD, groups: ['help'] }],
        },
      ],
    };
  }

  afterEach((test) => browsers.close(test));
  after(async () => {
    await server?.dispose();
    for (const host of [shop, crm, unlisted, listing, framing]) await host?.close();
  });

  it('make a call from a page with a strict policy to a CRM without third-party cookies', async () => {
    const agent = await browsers.person(crm.origin, {
      args: ['--test-third-party-cookie-phaseout'],
    });
    const desk = await deskFrame(agent.page());
    await signIn(desk, 'jo', PASSWORD);
    const visitor = await browsers.person(`${shop.origin}/?order=4711`);
    await press(visitor, 'Video call');
    await find(agent, 'heading', 'Order 4711');
    await meet(desk, visitor);

    for (const side of [visitor, desk]) await openChat(side);
    const picture = await writePicture();
    try {
      await sendPicture(visitor, picture.path);
      await write(visitor, 'under a strict policy');
      await sees(desk, 'under a strict policy');
    } finally {
      picture.remove();
    }
    await leaveForGood(visitor);
    await press(desk, 'Finish wrap-up');
    assert.deepEqual(browsers.complaints(visitor), []);
  });

  it('keep the agent of a CRM’s frame signed in over a reload, with no token that a script can read', async () => {
    const agent = await browsers.person(crm.origin, {
      args: ['--test-third-party-cookie-phaseout'],
    });
    const desk = await deskFrame(agent.page());
    await signIn(desk, 'jo', PASSWORD);
    const readable = await desk.evaluate(() => [
      document.cookie,
      ...Object.keys(localStorage).filter((key) => key.startsWith('rtc-desk:agent:')),
    ]);
    assert.deepEqual(readable, ['']);
    await agent.page().reload();
    await find(await deskFrame(agent.page()), 'combobox', 'Status');
  });

  it('show an error and make no call when the site does not allow the origin', async () => {
    const visitor = await browsers.person(unlisted.origin);
    await press(visitor, 'Video call');
    await sees(visitor, 'Video calls do not work on this page at the moment.');
  });

  it('say that the page stops the call when its policy lists trusted types without lit-html', async () => {
    const visitor = await browsers.person(listing.origin);
    await visitor.evaluate(() => {
      addEventListener('call-error', ({ detail }) => (document.title = detail.code));
    });
    await press(visitor, 'Video call');
    await sees(visitor, 'The video call could not be loaded.');
    assert.equal(await visitor.evaluate(() => document.title), 'page-blocked');
  });

  it('give advice about the frame when it allows no camera and no microphone', async () => {
    const person = await browsers.person(framing.origin);
    const frame = person.page().frames()[1]!;
    await press(frame, 'Video call');
    await sees(frame, 'This page is part of another page, which does not let it use camera');
    await press(frame, 'Cancel');
  });

  it('show an error on a page without https, which cannot open a camera', async () => {
    const visitor = await browsers.person(shop.origin.replace('127.0.0.1', 'shop.test'), {
      args: ['--host-resolver-rules=MAP *.test 127.0.0.1'],
    });
    await press(visitor, 'Video call');
    await sees(visitor, 'https');
  });

  it('cannot frame the desk unless the site lists them', async () => {
    const other = await HostSite.start(
      () => `<!doctype html><title>Other</title><iframe src="${server.url}/desk"></iframe>`,
    );
    try {
      const person = await browsers.person(other.origin);
      const frames = await Promise.all(
        person
          .page()
          .frames()
          .map((frame) => frame.$('agent-desk').catch(() => null)),
      );
      assert.ok(frames.every((desk) => desk === null));
    } finally {
      await other.close();
    }
  });
});
