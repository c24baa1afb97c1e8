import { after, afterEach, before, describe, it } from 'node:test';
import { Browsers } from '../support/browsers.ts';
import { blockRequests } from '../support/block-requests.ts';
import { DeskProcess } from '../support/desk-process.ts';
import { HostSite } from '../support/host-site.ts';
import {
  accept,
  find,
  gone,
  has,
  meet,
  openChat,
  press,
  sees,
  signIn,
  write,
} from '../support/page-actions.ts';
import { TEST_TRTC_ENVIRONMENT } from '../support/test-trtc.ts';
import { waitUntil } from '../support/wait-until.ts';

const OTHER_WAY = 'The call goes on over a direct connection.';
const BLOCKED = 'This network blocks sound and video.';
const WHAT_TO_DO = 'Try another network, or switch off a VPN.';

/** The browser resolves no host name except this machine's, so it cannot reach the cloud. */
const OFFLINE_ARGS = [
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
];

describe('a call on TRTC when no browser reaches the cloud', () => {
  let server: DeskProcess;
  let strict: HostSite;
  const browsers = new Browsers({ args: OFFLINE_ARGS });

  before(async () => {
    strict = await HostSite.start(
      () => `<!doctype html><html lang="en"><title>Bank</title>
        <script type="module" src="${server.url}/rtc-desk.js" data-site="bank"></script></html>`,
    );
    server = await DeskProcess.start({
      // The account does not exist. Nothing leaves this machine, so nobody notices.
      environment: TEST_TRTC_ENVIRONMENT,
      provision: {
        sites: [
          {
            id: 'bank',
            name: 'Bank',
            origins: [strict.origin],
            groups: [{ id: 'help', name: 'Help' }],
            agents: [{ username: 'jo', name: 'Jo Park', password: 'demo', groups: ['help'] }],
            mediaFallback: false,
          },
        ],
      },
    });
  });
  afterEach((test) => browsers.close(test));
  after(async () => {
    await server?.dispose();
    await strict?.close();
  });

  it('runs on the built-in media, tells both sides, and carries chat', async () => {
    const agent = await browsers.desk(server.url);
    const visitor = await browsers.visitor(server.url);
    await signIn(agent, 'alice');
    await press(visitor, 'Video call');
    await meet(agent, visitor);
    await Promise.all([sees(visitor, OTHER_WAY), sees(agent, OTHER_WAY)]);
    for (const side of [visitor, agent]) await openChat(side);
    await write(visitor, 'Can you see the meter?');
    await sees(agent, 'Can you see the meter?');
    await write(agent, 'Now I can');
    await sees(visitor, 'Now I can');
    await press(agent, 'End call');
    await find(visitor, 'button', 'Close');
  });

  it('runs on the built-in media also when the SDK itself is blocked', async () => {
    const agent = await browsers.desk(server.url);
    const blocked: string[] = [];
    await blockRequests(agent.page(), /trtc-sdk/, blocked);
    const visitor = await browsers.visitor(server.url);
    await signIn(agent, 'bob');
    await press(visitor, 'Video call');
    await meet(agent, visitor);
    await sees(agent, OTHER_WAY);
    await waitUntil('the SDK was requested and blocked', () => blocked.length > 0);
    await press(agent, 'End call');
    await find(visitor, 'button', 'Close');
  });

  it('tells the agent the reason when the site allows no other media, and offers the call again', async () => {
    const agent = await browsers.desk(server.url, {}, 'bank');
    const visitor = await browsers.person(strict.origin);
    await signIn(agent, 'jo');
    await press(visitor, 'Video call');
    await accept(agent);
    await sees(agent, BLOCKED);
    await sees(agent, WHAT_TO_DO);
    // The agent has 15 s to enter the room. Then the call is offered again.
    const rings = () => has(agent, 'alertdialog', 'Incoming call');
    await waitUntil('the call is offered again', rings, 40_000);
    await press(visitor, 'Cancel');
    await gone(agent, 'alertdialog', 'Incoming call');
  });
});
