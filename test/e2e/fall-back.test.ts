import { after, afterEach, before, describe, it } from 'node:test';
import { Browsers } from '../support/browsers.ts';
import { cutOff } from '../support/cut-off.ts';
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
} from '../support/people.ts';
import { TEST_TRTC_ENVIRONMENT } from '../support/test-trtc.ts';
import { waitUntil } from '../support/wait-until.ts';

const OTHER_WAY = 'The call goes on over a direct connection.';
const BLOCKED = 'This network does not let sound and video through.';
const WHAT_TO_DO = 'Try another network, or switch off a VPN.';

/** A browser that finds no host but this machine: the cloud's names lead nowhere. */
const ALONE = ['--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1'];

describe('a call on TRTC where nobody reaches the cloud', () => {
  let server: DeskProcess;
  let strict: HostSite;
  const browsers = new Browsers({ args: ALONE });

  before(async () => {
    strict = await HostSite.start(
      () => `<!doctype html><html lang="en"><title>Bank</title>
        <script type="module" src="${server.url}/rtc-desk.js" data-site="bank"></script></html>`,
    );
    server = await DeskProcess.start({
      // An account that there is not; nothing leaves this machine that could find out.
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

  it('comes up on the built-in media, tells both, and carries what they write', async () => {
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

  it('comes up so where the SDK itself is not let through', async () => {
    const agent = await browsers.desk(server.url);
    const refused: string[] = [];
    await cutOff(agent.page(), /trtc-sdk/, refused);
    const visitor = await browsers.visitor(server.url);
    await signIn(agent, 'bob');
    await press(visitor, 'Video call');
    await meet(agent, visitor);
    await sees(agent, OTHER_WAY);
    await waitUntil('the SDK was asked for and refused', () => refused.length > 0);
    await press(agent, 'End call');
    await find(visitor, 'button', 'Close');
  });

  it('tells the agent why where the site wants no other media, and rings anew for the visitor', async () => {
    const agent = await browsers.desk(server.url);
    const visitor = await browsers.person(strict.origin);
    await signIn(agent, 'jo');
    await press(visitor, 'Video call');
    await accept(agent);
    await sees(agent, BLOCKED);
    await sees(agent, WHAT_TO_DO);
    // Whoever accepted has 15 s to enter; then the call is offered again.
    const rings = () => has(agent, 'alertdialog', 'Incoming call');
    await waitUntil('the call is held out again', rings, 40_000);
    await press(visitor, 'Cancel');
    await gone(agent, 'alertdialog', 'Incoming call');
  });
});
