import { expect, waitUntil } from '@open-wc/testing';
import type { CaptionsView } from '../../../../src/elements/call-room/captions/captions-view.ts';
import type { SpeechRecognizer } from '../../../../src/media/speech.ts';
import type { CallRoom } from '../../../../src/elements/call-room/call-room.ts';
import { captionsOf } from '../../../../src/elements/call-room/captions/captions-of.ts';
import '../../../../src/elements/call-room/captions/follow-captions.ts';
import { FakeRoomControl, roomSnapshot } from '../../../support/fake-room-control.ts';
import { buttonOf, deepOne, roomOf, settled } from '../../../support/room-fixture.ts';

const CAPTIONS = { kept: false, languages: [] };
const viewOf = (room: CallRoom) => room.shadowRoot!.querySelector('.tools rtc-captions');

/** The menu's entries, by their names. */
async function entries(room: CallRoom): Promise<HTMLElement[]> {
  buttonOf(room, 'More').click();
  await waitUntil(() => room.shadowRoot!.querySelector('rtc-more-menu'), 'the menu is open');
  await settled(room);
  return [
    ...room
      .shadowRoot!.querySelector('rtc-more-menu')!
      .shadowRoot!.querySelectorAll<HTMLElement>('[role=menuitem]'),
  ];
}
const named = (items: readonly HTMLElement[], name: string) =>
  items.find((item) => item.querySelector('span')?.textContent === name);
const say = (session: FakeRoomControl, message: object) =>
  session.onToolMessage!({ tool: 'captions', ...message }, 'alice');

/** A room in which Alice's browser can write what she says. */
async function begin(
  options: Parameters<typeof roomOf>[1] = {},
  change: ConstructorParameters<typeof FakeRoomControl>[0] = {},
) {
  const session = new FakeRoomControl({ captions: CAPTIONS, ...change });
  const room = await roomOf(session, options);
  await waitUntil(() => viewOf(room), 'the captions are loaded');
  say(session, { kind: 'state', able: true, wanted: false });
  return { session, room, view: viewOf(room)! };
}

async function shown(options: Parameters<typeof roomOf>[1] = {}, text = 'Which lamp is on?') {
  const begun = await begin(options);
  const { room, session } = begun;
  await waitUntil(() => captionsOf(session)?.getSnapshot().offered, 'they are offered');
  named(await entries(room), 'Show captions')!.click();
  say(session, { kind: 'line', id: '1', text, language: 'en', final: true });
  await waitUntil(() => begun.view.shadowRoot!.querySelector('.lines p'), 'the line is shown');
  return begun;
}

describe('captions in a room', () => {
  it('have no button where the site has none, or nobody can write them', async () => {
    const plain = await roomOf(new FakeRoomControl());
    expect(named(await entries(plain), 'Show captions')).to.equal(undefined);
    expect(viewOf(plain)).to.equal(null);
    const session = new FakeRoomControl({ captions: CAPTIONS });
    const room = await roomOf(session);
    await waitUntil(() => viewOf(room), 'the captions are loaded');
    expect(named(await entries(room), 'Show captions')).to.equal(undefined);
  });

  it('are shown by the menu to whoever wants them, with who speaks', async () => {
    const { view, room } = await shown();
    expect(view.shadowRoot!.querySelector('.lines')!.textContent).to.match(
      /Alice\s*Which lamp is on\?/,
    );
    expect(named(await entries(room), 'Hide captions')).not.to.equal(undefined);
    await expect(view).to.be.accessible();
  });

  it('are told to a screen reader politely, once a line is finished', async () => {
    const { view, session } = await shown();
    const log = view.shadowRoot!.querySelector('[role=log]')!;
    expect(log.textContent).to.contain('Which lamp is on?');
    say(session, { kind: 'line', id: '2', text: 'The red', language: 'en', final: false });
    await waitUntil(() => view.shadowRoot!.querySelector('.unfinished'), 'the unfinished line');
    expect(log.textContent).not.to.contain('The red');
  });

  it('show what others write as text', async () => {
    const { view } = await shown({}, '<img src=x onerror=alert(1)>');
    expect(view.shadowRoot!.querySelector('img')).to.equal(null);
    expect(view.shadowRoot!.querySelector('.lines')!.textContent).to.contain('<img');
  });

  it('cover no control, also on a narrow phone with a long line', async () => {
    for (const width of [320, 1024]) {
      const { view, room } = await shown({ width, height: 560 }, 'long words '.repeat(40));
      const { left, right, top, bottom } = view
        .shadowRoot!.querySelector('.lines')!
        .getBoundingClientRect();
      const frame = room.getBoundingClientRect();
      expect(left >= frame.left && right <= frame.right, `${width}: sides`).to.equal(true);
      const bar = deepOne(room, 'rtc-call-controls').getBoundingClientRect();
      expect(bottom, `${width}: bottom`).to.be.at.most(bar.top);
      expect(top, `${width}: top`).to.be.at.least(frame.top);
      // A press goes through to the picture below.
      expect(getComputedStyle(view).pointerEvents).to.equal('none');
    }
  });

  it('show a translation with its original, and tell the translation to a screen reader', async () => {
    const { view, session } = await shown();
    const line = { kind: 'line', id: '2', text: '红色的。', language: 'zh-CN', final: true };
    say(session, { ...line, translation: { language: 'en', text: 'The red one.' } });
    await waitUntil(() => view.shadowRoot!.querySelector('.original'), 'the translation');
    const shownLine = view.shadowRoot!.querySelector('.lines p:last-child')!;
    expect(shownLine.textContent).to.match(/Alice\s*The red one\.\s*红色的。/);
    expect(shownLine.querySelector('[lang=en]')!.textContent).to.equal('The red one.');
    expect(shownLine.querySelector('.original [lang=zh-CN]')!.textContent).to.equal('红色的。');
    const log = view.shadowRoot!.querySelector('[role=log]')!;
    expect(log.textContent).to.contain('The red one.');
    expect(log.textContent).not.to.contain('红色的。');
    await expect(view).to.be.accessible();
  });

  it('tell an agent, and no visitor, that TRTC does not write', async () => {
    const captions = { kept: false, languages: [], cloud: { translate: false } };
    for (const [role, expected] of [
      ['agent', 'TRTC refuses to write your captions'],
      ['visitor', undefined],
    ] as const) {
      const recognizer: SpeechRecognizer = { start() {}, stop() {}, onFailure: null };
      const [self, alice] = roomSnapshot.people;
      const session = new FakeRoomControl({ captions, people: [{ ...self!, role }, alice!] });
      Object.assign(session, { openTranscriber: () => recognizer });
      const room = await roomOf(session);
      await waitUntil(() => recognizer.onFailure, 'it is taken');
      recognizer.onFailure!('forbidden');
      await waitUntil(() => captionsOf(session)?.getSnapshot().cloudError, 'it is told');
      await settled(room);
      const view = viewOf(room)! as CaptionsView;
      await view.updateComplete;
      expect(view.shadowRoot!.querySelector('.chip')?.textContent).to.equal(expected);
    }
  });

  it('say all the time that what is said is written down, where it is kept', async () => {
    const { view } = await begin(
      {},
      { captions: { kept: true, languages: [] }, people: roomSnapshot.people, connectedAt: 1 },
    );
    await waitUntil(() => view.shadowRoot!.querySelector('.chip'), 'the words are shown');
    expect(view.shadowRoot!.querySelector('.chip')!.textContent).to.equal(
      'What is said is written down',
    );
  });
});
