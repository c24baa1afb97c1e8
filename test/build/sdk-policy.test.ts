import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { TENCENT_HOSTS } from '../../src/server/http/tencent-hosts.ts';
import { BrowserProfile } from '../support/browser-profile.ts';

const CLOUD = TENCENT_HOSTS.join(' ');

/** What a page does with each SDK, as far as possible without the cloud. */
const USES = {
  'tim-sdk': `
    const client = SDK.create({ SDKAppID: 1400000000 });
    client.login({ userID: 'somebody', userSig: 'x' }).catch(() => {});
    // The event of a violation comes in its own task, after the refused socket has closed.
    await new Promise((resolve) => setTimeout(resolve));
    await client.destroy().catch(() => {});`,
  'trtc-sdk': `
    const client = SDK.create({ enableAutoPlayDialog: false });
    const heard = new Promise((resolve) => {
      client.on('audio-volume', ({ result }) => result.some(({ volume }) => volume > 0) && resolve());
    });
    client.enableAudioVolumeEvaluation(100);
    const own = await navigator.mediaDevices.getUserMedia({ video: true, audio: true });
    const [videoTrack] = own.getVideoTracks();
    const [audioTrack] = own.getAudioTracks();
    const small = { width: 320, height: 180, frameRate: 15, bitrate: 200 };
    await client.startLocalVideo({ option: { videoTrack, small } });
    await client.startLocalAudio({ option: { audioTrack } });
    await heard;
    const room = { sdkAppId: 1400000000, userId: 'somebody', userSig: 'x', roomId: 1, scene: 'rtc' };
    await client.enterRoom(room).catch((error) => (window.failure = error.code));
    await client.stopLocalVideo();
    await client.stopLocalAudio();
    await client.exitRoom();
    client.destroy();
    window.live = [videoTrack.readyState, audioTrack.readyState];
    for (const track of own.getTracks()) track.stop();`,
} as const;
type Sdk = keyof typeof USES;
interface Outcome {
  readonly refused: string[];
  /** For TRTC: the states of the given tracks after the end, and the error code. */
  readonly live?: string[];
  readonly failure?: number;
}

/** TRTC styles an element that is on no page, to draw the small stream from it. The violation has no effect. */
const HARMLESS = 'style-src-attr inline';

const chunkOf = (sdk: Sdk) =>
  readdirSync('dist/browser/chunks').find((name) => new RegExp(`^${sdk}-.{8}\\.js$`).test(name))!;

const SCRIPT = (sdk: Sdk) => `
  const refused = [];
  document.addEventListener('securitypolicyviolation', (event) => {
    const { effectiveDirective, blockedURI } = event;
    const what = URL.canParse(blockedURI) ? new URL(blockedURI).host : blockedURI;
    refused.push(effectiveDirective + ' ' + what);
  });
  const { default: SDK } = await import('/chunks/${chunkOf(sdk)}');
  ${USES[sdk]}
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  window.refused = refused;
`;

describe('the built SDKs of Tencent', () => {
  let server: Server;
  let browser: BrowserProfile;

  before(async () => {
    server = createServer((request, response) => {
      const url = new URL(request.url!, 'http://127.0.0.1');
      if (url.pathname.endsWith('.js')) {
        response.setHeader('content-type', 'text/javascript');
        const chunk = /^\/chunks\/[\w.-]+$/.test(url.pathname);
        const sdk = url.pathname.slice(1, -'.js'.length) as Sdk;
        return void response.end(chunk ? readFileSync(`dist/browser${url.pathname}`) : SCRIPT(sdk));
      }
      response.setHeader('content-type', 'text/html');
      response.setHeader(
        'content-security-policy',
        `default-src 'none'; script-src 'self'; connect-src 'self' ${url.searchParams.get('connect') ?? ''};` +
          `require-trusted-types-for 'script'`,
      );
      response.end(
        `<!doctype html><title>Page</title>
         <script type="module" src="/${url.searchParams.get('sdk')}.js"></script>`,
      );
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    // Nothing leaves this machine.
    browser = await BrowserProfile.open({
      args: ['--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'],
    });
  });
  after(async () => {
    await browser?.close();
    server.closeAllConnections();
    server.close();
  });

  async function use(sdk: Sdk, connect: string) {
    const { port } = server.address() as AddressInfo;
    const query = new URLSearchParams({ sdk, connect });
    const page = await browser.openPage(`http://127.0.0.1:${port}/?${query}`);
    await page.waitForFunction('window.refused');
    const { refused, ...rest } = await page.evaluate(() => {
      const { refused, live, failure } = window as unknown as Outcome;
      return { refused, live, failure };
    });
    return { ...rest, refused: refused.filter((what) => what !== HARMLESS) };
  }

  for (const sdk of Object.keys(USES) as Sdk[]) {
    it(`run under a strict policy and trusted types, which blocks only the cloud: ${sdk}`, async () => {
      const { refused } = await use(sdk, '');
      assert.ok(refused.length > 0);
      for (const what of refused) assert.match(what, /^connect-src [\w.-]+$/);
      assert.deepEqual(
        browser.complaints.filter((text) => text.startsWith('exception')),
        [],
      );
    });

    it(`violate nothing when the policy names their hosts: ${sdk}`, async () => {
      assert.deepEqual((await use(sdk, CLOUD)).refused, []);
    });
  }

  it('leave given tracks running (TRTC), and report when the cloud cannot be reached', async () => {
    const { live, failure } = await use('trtc-sdk', CLOUD);
    assert.deepEqual(live, ['live', 'live']);
    assert.equal(failure, 5500);
  });
});
