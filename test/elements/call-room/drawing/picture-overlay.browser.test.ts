import { expect, waitUntil } from '@open-wc/testing';
import type { Mark } from '../../../../src/call/picture-tools-control.ts';
import { toPixel } from '../../../../src/elements/call-room/drawing/geometry.ts';
import { drawnTrack } from '../../../support/drawn-track.ts';
import { FakePictureTools, STILL } from '../../../support/fake-picture-tools.ts';
import { FakeRoomControl, localMedia } from '../../../support/fake-room-control.ts';
import { buttonOf, deepAll, deepOne, roomOf, settled } from '../../../support/room-fixture.ts';
import { redSquare } from '../../../support/red-square.ts';
import { alice, me } from '../people-of-a-room.ts';
import { middleOfMarks, overlayOf, tileOf } from './drawn-room.ts';

const at = (across: number, down: number, id = 1): Mark => ({
  ...{ kind: 'number', number: 1, at: [across, down] },
  id: `00000000-0000-4000-8000-00000000000${id}`,
});
const on = (participant: string, still: string | null = null) =>
  ({ participant, source: 'camera', still }) as const;

describe('what agents draw on a picture', () => {
  let track: MediaStreamTrack;
  beforeEach(() => {
    track = drawnTrack();
  });
  afterEach(() => track.stop());

  const drawnOn = async (who: 'me' | 'alice', tools: FakePictureTools) => {
    const shown = { camera: track, cameraOn: true };
    const agent = { ...alice, role: 'agent' as const };
    const people = who === 'me' ? [{ ...me, ...shown }, agent] : [me, { ...alice, ...shown }];
    const session = new FakeRoomControl({ people, pictureTools: tools });
    return { session, room: await roomOf(session) };
  };

  it('lies at its point of the frame, whether the picture is whole, filling, or enlarged and moved', async () => {
    const tools = new FakePictureTools({
      drawing: { picture: on(alice.id), marks: [at(0.25, 0.4)] },
    });
    const { room } = await drawnOn('alice', tools);
    const overlay = await overlayOf(room);
    const video = deepOne<HTMLVideoElement>(tileOf(room, 'Alice'), 'video');
    const inPlace = () => {
      const middle = middleOfMarks(overlay);
      const { x, y } = toPixel(overlay.placement!, [0.25, 0.4]);
      return middle !== null && Math.hypot(middle.x - x, middle.y - y) < 2;
    };
    await waitUntil(inPlace, 'whole');
    const before = middleOfMarks(overlay)!;
    video.style.objectFit = 'cover';
    await waitUntil(() => inPlace() && middleOfMarks(overlay)!.x !== before.x, 'filling');
    video.style.objectFit = '';
    video.style.transform = 'translate(40px, -30px) scale(1.5)';
    await waitUntil(() => inPlace() && overlay.placement!.matrix.a === 1.5, 'enlarged');
    await expect(room).to.be.accessible();
  });

  it('lies on the other half of the own picture, which is mirrored, and enlarges that picture and shows it whole', async () => {
    const tools = new FakePictureTools();
    const { room } = await drawnOn('me', tools);
    tools.change({ kind: 'show', picture: on(me.id) });
    tools.change({ kind: 'add', mark: at(0.2, 0.5) });
    const overlay = await overlayOf(room);
    await waitUntil(() => tileOf(room, me.name).className === 'main', 'enlarged', {
      timeout: 20_000,
    });
    await waitUntil(() => (middleOfMarks(overlay)?.x ?? 0) > overlay.clientWidth / 2, 'mirrored');
    expect(overlay.placement!.fit).to.equal('contain');
    expect(overlay.renderRoot.textContent).to.include('Alice is drawing on the picture');
    tools.change({ kind: 'show', picture: null });
    await waitUntil(() => tileOf(room, me.name).className === 'floating', 'as before');
    expect(overlay.isConnected).to.equal(false);
  });

  it('shows the frozen picture instead of the video, with the marks on it', async () => {
    const tools = new FakePictureTools();
    tools.still = await (await fetch(redSquare())).blob();
    const { room } = await drawnOn('alice', tools);
    tools.change({ kind: 'show', picture: on(alice.id, STILL) });
    tools.change({ kind: 'add', mark: at(0.5, 0.5) });
    const overlay = await overlayOf(room);
    await waitUntil(() => middleOfMarks(overlay) !== null, 'the mark');
    const still = overlay.renderRoot.querySelector<HTMLCanvasElement>('.still')!;
    expect(still.hidden).to.equal(false);
    const [red, green] = still.getContext('2d')!.getImageData(1, 1, 1, 1).data;
    expect([red! > 200, green! < 60]).to.deep.equal([true, true]);
    const { frame } = overlay.placement!;
    expect(frame).to.deep.equal({ width: still.width, height: still.height });
  });

  it('says that the frozen picture could not be loaded, draws nothing on the live one, and loads it again', async () => {
    const tools = new FakePictureTools();
    const { room } = await drawnOn('alice', tools);
    tools.change({ kind: 'show', picture: on(alice.id, STILL) });
    tools.change({ kind: 'add', mark: at(0.5, 0.5) });
    await waitUntil(() => deepAll(room.shadowRoot!, '.note button').length > 0, 'the failure', {
      timeout: 20_000,
    });
    const overlay = deepOne<HTMLElement>(room, 'rtc-picture-overlay');
    expect(middleOfMarks(overlay as never)).to.equal(null);
    tools.still = await (await fetch(redSquare())).blob();
    buttonOf(overlay, 'Try again').click();
    await waitUntil(() => middleOfMarks(overlay as never) !== null, 'the mark');
  });

  it('is there in another element that shows the same call', async () => {
    const tools = new FakePictureTools({
      drawing: { picture: on(alice.id), marks: [at(0.5, 0.5)] },
    });
    const { session, room } = await drawnOn('alice', tools);
    await overlayOf(room);
    room.remove();
    const other = await roomOf(session);
    const overlay = await overlayOf(other);
    await waitUntil(() => middleOfMarks(overlay) !== null, 'the mark');
  });
});

describe('what an agent asks of this device', () => {
  const ask = (tools: FakePictureTools, kind: 'photo' | 'flip') =>
    tools.update({ requests: [{ id: 'r1', from: alice.id, action: { kind } }] });
  const question = (room: Element) => deepAll(room.shadowRoot!, '[role=alertdialog]')[0];
  const open = async (tools: FakePictureTools, otherSide: 'environment' | null = 'environment') => {
    const session = new FakeRoomControl({
      ...{ people: [me, alice], pictureTools: tools },
      local: { ...localMedia, otherSide },
    });
    const room = await roomOf(session);
    await waitUntil(() => question(room), 'the question', { timeout: 20_000 });
    await settled(room);
    return { session, room };
  };

  it('says who asks for what, takes the focus, and does nothing before the person allows it', async () => {
    const tools = new FakePictureTools();
    ask(tools, 'flip');
    const { session, room } = await open(tools);
    expect(question(room)!.textContent).to.include(
      'Alice asks you to switch to your other camera.',
    );
    expect(deepAll(room.shadowRoot!, ':focus')).to.include(buttonOf(room, 'Allow'));
    expect(session.asked.filter((one) => one.startsWith('useCamera'))).to.deep.equal([]);
    await expect(room).to.be.accessible();
    buttonOf(room, 'Allow').click();
    await waitUntil(() => tools.answers.length > 0, 'the answer');
    expect(session.asked).to.include('useCamera(environment)');
    expect(tools.answers).to.deep.equal([['r1', 'done']]);
    await waitUntil(() => !question(room), 'the question is gone');
  });

  it('is refused by a button or by Escape', async () => {
    const tools = new FakePictureTools();
    ask(tools, 'photo');
    const { session, room } = await open(tools);
    buttonOf(room, 'Not now').click();
    await waitUntil(() => !question(room), 'the question is gone');
    ask(tools, 'photo');
    await waitUntil(() => question(room), 'the next question');
    const escape = new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, composed: true });
    question(room)!.dispatchEvent(escape);
    expect(tools.answers.map(([, answer]) => answer)).to.deep.equal(['refused', 'refused']);
    expect(session.images).to.deep.equal([]);
  });

  it('is answered as unsupported where the device cannot do it', async () => {
    const tools = new FakePictureTools();
    ask(tools, 'flip');
    const { room } = await open(tools, null);
    buttonOf(room, 'Allow').click();
    await waitUntil(() => tools.answers.length > 0, 'the answer');
    expect(tools.answers).to.deep.equal([['r1', 'unsupported']]);
  });
});
