import { expect, waitUntil } from '@open-wc/testing';
import type { Mark } from '../../../../src/call/picture-tools-control.ts';
import { showPictureToolbar } from '../../../../src/elements/agent-desk/picture-tools/show-picture-toolbar.ts';
import type { CallRoom } from '../../../../src/elements/call-room/call-room.ts';
import { toPixel } from '../../../../src/elements/call-room/drawing/geometry.ts';
import { drawnTrack } from '../../../support/drawn-track.ts';
import { FakePictureTools } from '../../../support/fake-picture-tools.ts';
import { FakeRoomControl, person } from '../../../support/fake-room-control.ts';
import { buttonOf, deepAll, deepOne, roomOf, settled } from '../../../support/room-fixture.ts';
import { middleOfMarks, overlayOf } from '../../call-room/drawing/drawn-room.ts';

const self = person({ id: 'alice', name: 'Alice', role: 'agent', self: true });

describe('the picture tools of the agent', () => {
  let track: MediaStreamTrack;
  let tools: FakePictureTools;
  let session: FakeRoomControl;
  let room: CallRoom;

  beforeEach(async () => {
    track = drawnTrack();
    const mei = person({ id: 'mei', name: 'Mei', role: 'visitor', camera: track, cameraOn: true });
    tools = new FakePictureTools();
    session = new FakeRoomControl({ people: [self, mei], pictureTools: tools });
    room = await roomOf(session);
    await showPictureToolbar(room);
    await settled(room);
  });
  afterEach(() => track.stop());

  const press = async (name: string) => {
    buttonOf(room, name).click();
    await settled(room);
  };
  const surface = () => deepOne<HTMLElement>(room, '[role=application]');
  const key = (name: string, shiftKey = false) =>
    surface().dispatchEvent(
      new KeyboardEvent('keydown', {
        ...{ key: name, shiftKey, bubbles: true, composed: true, cancelable: true },
      }),
    );
  /** Begins to draw with this tool. */
  const draw = async (tool: string) => {
    await press('Draw');
    await overlayOf(room);
    await press(tool);
  };
  const marks = () => tools.getSnapshot().drawing.marks;
  const status = () => deepOne(room, 'rtc-picture-toolbar').shadowRoot!.querySelector('.note')!;

  it('are a toolbar of this name, and stand there once', async () => {
    await showPictureToolbar(room);
    expect(deepAll(room.shadowRoot!, "[role=toolbar][aria-label='Picture tools']")).lengthOf(1);
    for (const name of ['Freeze picture', 'Draw', 'Take photo', 'Flip camera', 'Torch']) {
      buttonOf(room, name);
    }
    await expect(room).to.be.accessible();
  });

  it('are away while nobody else shows a picture', async () => {
    const [, mei] = session.getSnapshot().people;
    session.update({ people: [self, { ...mei!, cameraOn: false, camera: null }] });
    await settled(room);
    expect(deepAll(room.shadowRoot!, "[aria-label='Picture tools']")).lengthOf(0);
  });

  it('draw by keys alone: the focus goes to the picture, arrows move, Enter places, Escape leaves', async () => {
    await press('Draw');
    const overlay = await overlayOf(room);
    expect(deepAll(room.shadowRoot!, ':focus')).to.include(surface());
    key('Enter');
    for (let step = 0; step < 4; step += 1) key('ArrowRight');
    key('ArrowDown', true);
    key('Enter');
    expect(marks()).lengthOf(1);
    const { kind, from, to } = marks()[0] as Extract<Mark, { kind: 'arrow' }>;
    expect({ kind, from, to }).to.deep.equal({
      kind: 'arrow',
      from: [0.5, 0.5],
      to: [0.75, Math.round((0.5 + 1 / 96) * 1e4) / 1e4],
    });
    await overlay.updateComplete;
    expect(middleOfMarks(overlay)).not.to.equal(null);
    await expect(room).to.be.accessible();
    key('Escape');
    await settled(room);
    expect(deepAll(room.shadowRoot!, '[role=application]')).lengthOf(0);
    expect(deepAll(room.shadowRoot!, ':focus')).to.include(buttonOf(room, 'Draw'));
  });

  it('draw what a pointer draws, at its place in the frame', async () => {
    await draw('Circle');
    const overlay = await overlayOf(room);
    const { left, top } = overlay.getBoundingClientRect();
    const pointer = (type: string, at: [number, number]) => {
      const { x, y } = toPixel(overlay.placement!, at);
      surface().dispatchEvent(
        new PointerEvent(type, {
          ...{ pointerId: 1, button: type === 'pointermove' ? -1 : 0, bubbles: true },
          ...{ clientX: left + x, clientY: top + y },
        }),
      );
    };
    surface().setPointerCapture = () => {};
    pointer('pointerdown', [0.25, 0.25]);
    pointer('pointermove', [0.5, 0.6]);
    pointer('pointerup', [0.75, 0.75]);
    const { from, to } = marks()[0] as unknown as { from: number[]; to: number[] };
    for (const [share, wanted] of [...from, ...to].map((one, at) => [
      one,
      [0.25, 0.75][at >> 1]!,
    ])) {
      expect(share).to.be.closeTo(wanted!, 0.01);
    }
    await overlay.updateComplete;
    const middle = toPixel(overlay.placement!, [0.5, 0.5]);
    expect(middleOfMarks(overlay)!.x).to.be.closeTo(middle.x, 2);
    expect(middleOfMarks(overlay)!.y).to.be.closeTo(middle.y, 2);
  });

  it('number marks one after the other; undo takes the last one away, clear all', async () => {
    await draw('Number');
    for (const step of ['Enter', 'ArrowRight', 'Enter', 'ArrowDown', 'Enter']) key(step);
    expect(marks().map((mark) => mark.kind === 'number' && mark.number)).to.deep.equal([1, 2, 3]);
    await settled(room);
    await press('Undo');
    expect(marks()).lengthOf(2);
    await press('Clear drawing');
    expect(marks()).lengthOf(0);
  });

  it('are reached by the arrow keys, all of both rows', async () => {
    await draw('Arrow');
    const names: (string | null)[] = [];
    buttonOf(room, 'Freeze picture').focus();
    for (let step = 0; step < 15; step += 1) {
      const focused = deepAll(room.shadowRoot!, 'button:focus')[0]!;
      names.push(focused.getAttribute('aria-label'));
      const arrow = { key: 'ArrowRight', bubbles: true, composed: true, cancelable: true };
      focused.dispatchEvent(new KeyboardEvent('keydown', arrow));
    }
    // Nothing is drawn yet: Undo and Clear drawing take no focus.
    for (const name of ['Draw', 'Torch', 'Circle', 'Laser pointer', 'Save in the chat']) {
      expect(names).to.include(name);
    }
  });

  it('say why the server did not take a change, until the next one', async () => {
    tools.update({ error: 'conflict' });
    await waitUntil(() => status().textContent !== '', 'the text', { timeout: 20_000 });
    tools.update({ error: null });
    await settled(room);
    expect(status().textContent).to.equal('');
  });

  it('write a text where the person has placed it', async () => {
    await draw('Text');
    key('Enter');
    await settled(room);
    const field = deepOne<HTMLInputElement>(room, "input[aria-label='Text on the picture']");
    field.value = ' this switch ';
    field.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, composed: true }),
    );
    await settled(room);
    const [mark] = marks();
    expect(mark?.kind === 'text' && [mark.text, ...mark.at]).to.deep.equal([
      'this switch',
      0.5,
      0.5,
    ]);
    expect(deepAll(room.shadowRoot!, 'input[aria-label]')).lengthOf(0);
  });

  it('point without a mark, and stop pointing when another tool is chosen', async () => {
    await draw('Laser pointer');
    key('ArrowLeft');
    await press('Arrow');
    expect(tools.points).to.deep.equal([[0.4375, 0.5], null]);
    expect(marks()).lengthOf(0);
  });

  it('freeze the picture of this moment, and go back to the live one', async () => {
    await overlayVideo();
    await press('Freeze picture');
    await waitUntil(() => tools.frozen.length === 1, 'the still', { timeout: 20_000 });
    expect(tools.frozen[0]!.type).to.equal('image/jpeg');
    await settled(room);
    await press('Live picture');
    expect(tools.getSnapshot().drawing.picture).to.equal(null);
  });

  it('send the picture with its marks to the chat', async () => {
    await overlayVideo();
    await draw('Number');
    key('Enter');
    await settled(room);
    await press('Save in the chat');
    await waitUntil(() => session.images.length === 1, 'the picture', { timeout: 20_000 });
    const bitmap = await createImageBitmap(session.images[0]!);
    expect([bitmap.width, bitmap.height]).to.deep.equal([64, 48]);
    bitmap.close();
  });

  it('ask for something of the device, and tell the answer', async () => {
    await press('Torch');
    expect(tools.asked).to.deep.equal([{ kind: 'torch', on: true }]);
    expect(status().textContent).to.equal('Asking Mei…');
    const answer = async (state: 'refused' | 'done') => {
      tools.update({ asked: { ...tools.getSnapshot().asked!, state } });
      await settled(room);
    };
    await answer('refused');
    expect(status().textContent).to.equal('Mei declined.');
    await press('Torch');
    await answer('done');
    expect(status().textContent).to.equal('The light is on.');
    expect(buttonOf(room, 'Torch').getAttribute('aria-pressed')).to.equal('true');
    await press('Torch');
    expect(tools.asked.at(-1)).to.deep.equal({ kind: 'torch', on: false });
  });

  it('ask for a sharper picture, and for the usual one again', async () => {
    await press('Sharper picture');
    expect(tools.asked.at(-1)).to.deep.equal({ kind: 'detail', on: true });
    tools.update({ asked: { ...tools.getSnapshot().asked!, state: 'done' } });
    await settled(room);
    expect(status().textContent).to.equal('The picture is sharper now.');
    expect(buttonOf(room, 'Sharper picture').getAttribute('aria-pressed')).to.equal('true');
    await press('Sharper picture');
    expect(tools.asked.at(-1)).to.deep.equal({ kind: 'detail', on: false });
  });

  const overlayVideo = () =>
    waitUntil(() => {
      const videos = deepAll<HTMLVideoElement>(room.shadowRoot!, 'video');
      return videos.some(({ videoWidth }) => videoWidth > 0);
    }, 'the first frame');
});
