import { expect, waitUntil } from '@open-wc/testing';
import type { VirtualBackground } from '../../../src/media/media.ts';
import { TrtcRoom } from '../../../src/media/trtc/room.ts';
import type { RtcDeskError } from '../../../src/protocol/errors.ts';
import { FakeClock, settle } from '../../support/fake-clock.ts';
import { FakeLocalMedia } from '../../support/fake-local-media.ts';
import { sdkError, TrtcCloud } from '../../support/trtc-stand-in.ts';
import { redSquare } from '../../support/red-square.ts';

const ASSETS = 'https://desk.example.com/assets';
const account = { sdkAppId: 1_400_000_000, userId: 'ann', userSig: 's' };
const PLUGIN = 'VirtualBackground';

describe('a virtual background on TRTC', () => {
  let cloud: TrtcCloud;
  let clock: FakeClock;
  let local: FakeLocalMedia;
  let room: TrtcRoom;
  let loads: number;
  let supported: boolean;
  let loading: Promise<void> | null;
  const { validate, Module } = WebAssembly;

  const makeRoom = () =>
    new TrtcRoom({
      ...{ self: 'ann', room: 4711, local, clock, load: async () => cloud, assets: ASSETS },
      ticket: { provider: 'trtc', ...account, privateMapKey: 'k' },
      loadVirtualBackground: async () => {
        loads++;
        await loading;
        class VirtualBackground {
          static isSupported = () => supported;
        }
        return { default: VirtualBackground as never };
      },
      sendSignal: () => {},
      renewTicket: async () =>
        ({
          media: { provider: 'trtc', ...account, userSig: 'newer', privateMapKey: 'k' },
        }) as never,
    });

  beforeEach(async () => {
    cloud = new TrtcCloud();
    clock = new FakeClock();
    local = new FakeLocalMedia();
    loads = 0;
    supported = true;
    loading = null;
    room = makeRoom();
    await local.start();
    await room.enter();
    await settle();
  });

  afterEach(async () => {
    WebAssembly.validate = validate;
    WebAssembly.Module = Module;
    await room.leave();
    local.stop();
    expect(cloud.violations).to.deep.equal([]);
    expect(cloud.instances[0]!.destroyed).to.equal(true);
    expect(clock.pending).to.equal(0);
  });

  const sdk = () => cloud.instances[0]!;
  /** What the plugin was given, but for the function. */
  const shown = () => {
    const options = sdk().plugins.started.get(PLUGIN);
    return options && (JSON.parse(JSON.stringify(options)) as object);
  };
  const fails = (what: VirtualBackground) =>
    room.effects.setVirtualBackground(what).then(
      () => expect.fail('it is shown'),
      (error: RtcDeskError) => error,
    );

  it('loads the plugin once, with the first background, and replaces a background without a gap', async () => {
    expect(loads).to.equal(0);
    await room.effects.setVirtualBackground({ blur: 5 });
    expect(sdk().plugins.installed.get(PLUGIN)).to.equal(ASSETS);
    expect(shown()).to.deep.equal({ ...account, type: 'blur', blurLevel: 5 });
    await room.effects.setVirtualBackground({ image: redSquare() });
    expect(shown()).to.include({ type: 'image', src: redSquare() });
    expect(sdk().calls).not.to.include('stopPlugin');
    await room.effects.setVirtualBackground(null);
    expect(shown()).to.equal(undefined);
    await room.effects.setVirtualBackground({});
    expect(shown()).to.deep.equal({ ...account, type: 'blur', blurLevel: 3 });
    expect(loads).to.equal(1);
  });

  it('needs no camera, and stays for the next one', async () => {
    await local.setCameraOn(false);
    await settle();
    await room.effects.setVirtualBackground({});
    await local.setCameraOn(true);
    await settle();
    await local.useCamera('camera-2');
    await settle();
    expect(sdk().calls.filter((call) => /Plugin$/.test(call))).to.deep.equal(['startPlugin']);
    expect(shown()).to.include({ type: 'blur' });
  });

  it('counts as shown when it is sent, not when the SDK says so; the own tile shows it as well', async () => {
    cloud.slow = true;
    let done = false;
    const setting = room.effects.setVirtualBackground({}).then(() => (done = true));
    await waitUntil(() => shown(), 'it starts');
    await settle();
    expect(done).to.equal(false);
    expect(Boolean(room.getSnapshot().ownCamera)).to.equal(false);
    sdk().plugins.showBackground();
    await setting;
    const own = room.getSnapshot().ownCamera;
    expect(own !== null && own !== local.getSnapshot().camera.track).to.equal(true);
    await room.effects.setVirtualBackground(null);
    expect(room.getSnapshot().ownCamera === null).to.equal(true);
  });

  it('fails with forbidden if the account may not use it, and works later if it may', async () => {
    cloud.bought = false;
    const failure = await fails({});
    expect(failure).to.include({ code: 'forbidden' });
    expect(failure.cause).to.include({ code: 5401 });
    expect(sdk().sends).to.deep.equal(['main', 'sound']);
    cloud.bought = true;
    await room.effects.setVirtualBackground({});
    expect(shown()).to.include({ type: 'blur' });
  });

  it('keeps the earlier background if the new picture cannot be loaded', async () => {
    await room.effects.setVirtualBackground({ blur: 2 });
    expect(await fails({ image: '/no-such-picture.png' })).to.include({ code: 'media-failed' });
    expect(shown()).to.include({ type: 'blur', blurLevel: 2 });
    expect(await fails({ blur: 11 })).to.include({ code: 'media-failed' });
    expect(shown()).to.include({ blurLevel: 2 });
  });

  it('times out after 30 s, and can be requested again', async () => {
    let go = () => {};
    cloud.draw = () => new Promise((resolve) => (go = resolve));
    const told = fails({});
    await waitUntil(() => shown(), 'it starts');
    await clock.advance(30_100);
    expect(await told).to.include({ code: 'media-failed' });
    cloud.draw = () => {};
    go();
    await room.effects.setVirtualBackground({ blur: 7 });
    expect(shown()).to.include({ blurLevel: 7 });
  });

  it('does not appear later if it was cancelled while loading', async () => {
    let go = () => {};
    loading = new Promise((resolve) => (go = resolve));
    const told = fails({});
    await settle();
    await clock.advance(30_100);
    expect(await told).to.include({ code: 'media-failed' });
    await room.effects.setVirtualBackground(null);
    go();
    await settle();
    expect(sdk().calls).not.to.include('startPlugin');
  });

  it('does not delay leaving the room while it starts', async () => {
    cloud.slow = true;
    const told = room.effects.setVirtualBackground({}).catch(() => undefined);
    await waitUntil(() => shown(), 'it starts');
    await room.leave();
    await told;
    expect(sdk().plugins.started.size).to.equal(0);
  });

  it('reports once that it stopped by itself', async () => {
    const lost: RtcDeskError[] = [];
    await room.effects.setVirtualBackground({ onLost: (error) => lost.push(error) });
    const cause = sdkError(5500);
    sdk().plugins.abort(PLUGIN, cause);
    expect(lost.map(({ code }) => code)).to.deep.equal(['media-failed']);
    expect(lost[0]!.cause).to.equal(cause);
    await room.effects.setVirtualBackground({ blur: 4 });
    expect(shown()).to.include({ blurLevel: 4 });
    expect(lost).to.have.length(1);
  });

  it('reports its end if the room fails, and not if it is left', async () => {
    const lost: string[] = [];
    await room.effects.setVirtualBackground({ onLost: ({ code }) => lost.push(code) });
    sdk().breakOff(sdkError(5500));
    await settle();
    expect(lost).to.deep.equal(['media-blocked']);
    room = makeRoom();
    await room.enter();
    await room.effects.setVirtualBackground({ onLost: ({ code }) => lost.push(code) });
    await room.leave();
    expect(lost).to.have.length(1);
  });

  it('fails if it stops while it starts, although the SDK reports a start', async () => {
    const lost: RtcDeskError[] = [];
    cloud.draw = () => sdk().plugins.abort(PLUGIN, sdkError(5500));
    const failure = await fails({ onLost: (error) => lost.push(error) });
    expect(failure).to.include({ code: 'media-failed' });
    expect(lost).to.deep.equal([]);
  });

  it('is not loaded in a browser or page that does not support it', async () => {
    WebAssembly.validate = () => false;
    expect(await fails({})).to.include({ code: 'unsupported-browser' });
    WebAssembly.validate = validate;
    WebAssembly.Module = class {
      constructor() {
        throw new WebAssembly.CompileError('refused by the policy');
      }
    } as never;
    const blocked = await fails({});
    expect(blocked).to.include({ code: 'media-blocked' });
    expect(blocked.message).to.include('wasm-unsafe-eval');
    expect(loads).to.equal(0);
    WebAssembly.Module = Module;
    supported = false;
    expect(await fails({})).to.include({ code: 'unsupported-browser' });
    expect(sdk().plugins.installed.size).to.equal(0);
  });

  it('uses the signature of the present ticket', async () => {
    await room.leave();
    let refusals = 1;
    cloud.admit = () => {
      if (refusals-- > 0) throw sdkError(5400, 70_001);
    };
    room = makeRoom();
    await room.enter();
    await room.effects.setVirtualBackground({});
    const [, again] = cloud.instances;
    expect(again!.plugins.started.get(PLUGIN)).to.include({ userSig: 'newer' });
  });

  it('is refused outside of the room', async () => {
    await room.leave();
    expect(await fails({})).to.include({ code: 'conflict' });
    expect(loads).to.equal(0);
  });
});
