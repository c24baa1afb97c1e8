import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Page } from 'puppeteer-core';
import type { LocalMedia } from '../../src/media/local-media.ts';
import type * as TrtcChunk from '../../src/media/trtc/prepared.ts';
import type { TrtcClient, TrtcSdk } from '../../src/media/trtc/sdk.ts';
import type { TrtcRoom } from '../../src/media/trtc/room.ts';
import { BrowserProfile } from '../support/browser-profile.ts';
import { DeskProcess } from '../support/desk-process.ts';
import { HostSite } from '../support/host-site.ts';
import { TEST_TRTC_ENVIRONMENT } from '../support/test-trtc.ts';
import { waitUntil } from '../support/wait-until.ts';

const chunkOf = (name: string) =>
  readdirSync('dist/browser/chunks').find((file) => new RegExp(`^${name}-.{8}\\.js$`).test(file))!;

/** Nothing leaves this machine. Graphics run in software, so that no GPU is needed. */
const ARGS = [
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
  '--enable-unsafe-swiftshader',
  '--use-angle=swiftshader',
];

/** The cloud's answers to the plugin's question whether it may be used. */
const ANSWERS = { bought: { trtcAutoConf: { web_ar: 1 } }, refused: { trtcAutoConf: {} } };

interface Outcome {
  readonly code?: string;
  readonly cause?: number | undefined;
}
interface Stage {
  readonly room: TrtcRoom;
  readonly client: TrtcClient;
  readonly camera: MediaStreamTrack;
  /** The policy's violations, by directive and address. */
  readonly refused: string[];
}
declare const window: Window & { stage: Stage };

/**
 * Makes a TrtcRoom over the real SDK in the page. Its camera shows a board of black and white squares. The cloud is
 * replaced in two places: entering the room does nothing, and `answer` is the answer to the plugin's question.
 */
async function setUp(page: Page, desk: string, answer: object | null): Promise<void> {
  await page.evaluate(
    async (trtc, sdk, answer) => {
      const refused: string[] = [];
      document.addEventListener('securitypolicyviolation', (event) => {
        refused.push(`${event.effectiveDirective} ${event.blockedURI}`);
      });
      // This machine may have no GPU, and the SDK refuses slow graphics.
      const { getContext } = HTMLCanvasElement.prototype;
      HTMLCanvasElement.prototype.getContext = function (
        this: HTMLCanvasElement,
        kind: string,
        how?: object,
      ) {
        const allowSlow = how && { ...how, failIfMajorPerformanceCaveat: false };
        return getContext.call(this, kind, allowSlow);
      } as typeof getContext;
      const { fetch } = globalThis;
      globalThis.fetch = async (what, how) =>
        answer && String(what).includes('/trtcAutoConf')
          ? new Response(JSON.stringify({ data: answer }))
          : fetch(what, how);

      const board = document.createElement('canvas');
      Object.assign(board, { width: 640, height: 480 });
      const pen = board.getContext('2d')!;
      const draw = () => {
        for (let x = 0; x < 640; x += 16) {
          for (let y = 0; y < 480; y += 16) {
            pen.fillStyle = ((x + y) / 16) % 2 ? 'white' : 'black';
            pen.fillRect(x, y, 16, 16);
          }
        }
      };
      draw();
      setInterval(draw, 40);
      const [camera] = board.captureStream(15).getVideoTracks();
      const off = { state: 'idle', error: null, deviceId: '', track: null };
      const local = {
        getSnapshot: () => ({
          camera: { ...off, state: 'on', track: camera },
          ...{ microphone: off, screen: off, level: 0 },
        }),
        subscribe: () => () => undefined,
      } as unknown as LocalMedia;

      const { default: real } = (await import(sdk)) as { default: TrtcSdk };
      let client!: TrtcClient;
      const inside = {
        TYPE: real.TYPE,
        setCurrentSpeaker: async () => undefined,
        create: (options: { enableAutoPlayDialog: boolean }) => {
          client = real.create(options);
          return Object.assign(client, {
            enterRoom: async () => undefined,
            exitRoom: async () => undefined,
          });
        },
      };
      const { openTrtcRoom } = (await import(trtc)) as typeof TrtcChunk;
      const options: ConstructorParameters<typeof TrtcRoom>[0] = {
        ticket: { provider: 'trtc', sdkAppId: 1_400_000_000, userSig: 's', privateMapKey: 'k' },
        ...{ self: 'ann', room: 1, local, load: async () => inside },
        // No timeouts: this machine may be slow.
        clock: { now: () => performance.now(), after: () => () => undefined },
        sendSignal: () => undefined,
        renewTicket: async () => {
          throw new Error('the ticket was not refused');
        },
      };
      const room = openTrtcRoom(options);
      await room.enter();
      window.stage = { room, client, camera: camera!, refused };
    },
    ...[`${desk}/chunks/${chunkOf('trtc')}`, `${desk}/chunks/${chunkOf('trtc-sdk')}`, answer],
  );
  await waitUntil('the camera is sent', () => sends(page, 'the camera'));
}

const setBackground = (page: Page, what: { blur?: number; image?: string } | null) =>
  page.evaluate(async (what): Promise<Outcome> => {
    try {
      await window.stage.room.effects.setVirtualBackground(what);
      return {};
    } catch (error) {
      const { code, cause } = error as { code: string; cause?: { code?: number } };
      return { code, cause: cause?.code };
    }
  }, what);

const sends = (page: Page, what: 'the camera' | 'something else') =>
  page.evaluate((what) => {
    const { client, camera } = window.stage;
    const sent = client.getVideoTrack({ processed: true } as never);
    return sent !== null && (what === 'the camera') === (sent.id === camera.id);
  }, what);

/** The difference between the darkest and the lightest green in the middle of the sent picture. */
const contrast = (page: Page) =>
  page.evaluate(async () => {
    const sent = window.stage.client.getVideoTrack({ processed: true } as never)!;
    const video = document.createElement('video');
    video.muted = true;
    video.srcObject = new MediaStream([sent]);
    await video.play();
    const canvas = document.createElement('canvas');
    Object.assign(canvas, { width: video.videoWidth, height: video.videoHeight });
    const pen = canvas.getContext('2d')!;
    pen.drawImage(video, 0, 0);
    video.srcObject = null;
    const { data } = pen.getImageData(canvas.width / 4, canvas.height / 4, 160, 120);
    const greens = data.filter((_, index) => index % 4 === 1);
    return Math.max(...greens) - Math.min(...greens);
  });

const refusals = (page: Page) => page.evaluate(() => window.stage.refused);
const leave = (page: Page) => page.evaluate(() => window.stage.room.leave());

describe('TRTC’s virtual background, built and served', () => {
  let desk: DeskProcess;
  let strictSite: HostSite;
  let browser: BrowserProfile;
  const asked: string[] = [];

  before(async () => {
    desk = await DeskProcess.start({ environment: TEST_TRTC_ENVIRONMENT });
    strictSite = await HostSite.start(() => '<!doctype html><title>Bank</title>', {
      'content-security-policy':
        `default-src 'none'; script-src ${desk.url}; connect-src ${desk.url};` +
        `require-trusted-types-for 'script'`,
    });
    browser = await BrowserProfile.open({ args: ARGS });
  });
  afterEach(() => asked.splice(0));
  after(async () => {
    await browser?.close();
    await strictSite?.close();
    await desk?.dispose();
  });

  async function open(url: string, answer: object | null): Promise<Page> {
    const page = await browser.openPage(url);
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await setUp(page, desk.url, answer);
    return page;
  }
  const loaded = () => {
    const own = asked.filter((path) => /trtc-(virtual-background|assets)-/.test(path));
    return [...new Set(own.map((path) => path.replace(/^.*\//, '').replace(/-.{8}\.js$/, '')))];
  };

  it('blurs the background on the desk’s page, with files of our server, loaded only when it is used', async () => {
    const page = await open(`${desk.url}/desk?lang=en`, ANSWERS.bought);
    assert.deepEqual(loaded(), []);
    const sharp = await contrast(page);
    assert.ok(sharp > 200, `${sharp}`);
    assert.deepEqual(await setBackground(page, { blur: 10 }), {});
    assert.deepEqual(loaded().sort(), [
      'selfie_segmenter_landscape.tflite',
      'trtc-virtual-background',
      'vision_wasm_internal.js',
      'vision_wasm_internal.wasm',
    ]);
    assert.equal(await sends(page, 'something else'), true);
    // No person is in this picture: all of it is background.
    await waitUntil('the squares are blurred', async () => (await contrast(page)) < 128);
    assert.deepEqual(await setBackground(page, null), {});
    await waitUntil('the plain camera is sent', () => sends(page, 'the camera'));
    await leave(page);
    const refused = await refusals(page);
    // See HARMLESS in sdk-policy.test.ts. The policy allows the cloud's statistics; they fail for lack of a network.
    assert.deepEqual(new Set(refused), new Set(['style-src-attr inline']));
    assert.deepEqual(
      browser.complaints.filter((text) => text.startsWith('exception')),
      [],
    );
  });

  it('reports that the cloud refuses or does not answer, and sends the plain camera', async () => {
    for (const answer of [ANSWERS.refused, null]) {
      const page = await open(`${desk.url}/desk?lang=en`, answer);
      assert.deepEqual(await setBackground(page, {}), { code: 'forbidden', cause: 5401 });
      assert.equal(await sends(page, 'the camera'), true);
      assert.deepEqual(loaded(), ['trtc-virtual-background']);
      asked.splice(0);
      await leave(page);
      await page.close();
    }
  });

  it('reports that a page allows no WebAssembly, loads nothing, and sends the plain camera', async () => {
    const page = await open(strictSite.origin, ANSWERS.bought);
    const { code } = await setBackground(page, {});
    assert.equal(code, 'media-blocked');
    assert.equal(await sends(page, 'the camera'), true);
    assert.deepEqual(loaded(), []);
    const refused = await refusals(page);
    assert.ok(refused.includes('script-src wasm-eval'), refused.join(', '));
    await leave(page);
  });
});
