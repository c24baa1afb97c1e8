import { expect, waitUntil } from '@open-wc/testing';
import 'axe-core/axe.min.js';
import '../../../../src/elements/agent-desk/define.ts';
import { busyToday, joined, offered, visitor } from '../../../support/fake-agent-desk-control.ts';
import { openDesk, textOf, within, type OpenDesk } from '../open-desk.ts';

describe('past calls at the desk', () => {
  let open: OpenDesk;

  beforeEach(async () => {
    open = await openDesk();
  });
  afterEach(() => open.close());

  const dialog = () => within(open.desk, 'rtc-past-call-dialog').querySelector('dialog')!;

  it('the history of a verified visitor stands beside the call that rings', async () => {
    open.control.show({ status: 'ringing', legs: [offered()] });
    await open.settle();
    const history = within(within(open.desk, 'rtc-incoming-call'), 'rtc-visitor-history');
    expect(textOf(history)).to.contain('Solved');
    expect(textOf(history)).to.contain('The fuse is new.');
    expect(history.querySelector('button')).to.equal(null);
  });

  it('a visitor who is not verified has none', async () => {
    const stranger = { ...visitor, verified: false };
    open.control.show({ status: 'ringing', legs: [offered({}, { visitor: stranger })] });
    await open.settle();
    const card = open.desk.shadowRoot!.querySelector('rtc-incoming-call')!.shadowRoot!;
    expect(card.querySelector('rtc-visitor-history')).to.equal(null);
  });

  it('a call of the history opens with its notes and conversation', async () => {
    open.control.records.readPastMessages = async () => [
      {
        ...{ sequence: 1, id: 'm', from: 'p', name: 'Clara', role: 'visitor', sentAt: 0 },
        text: 'The lamp is red.',
        image: null,
      },
    ];
    open.control.show({ status: 'busy', legs: [joined()] });
    await open.settle();
    within(within(open.desk, 'rtc-call-view'), 'rtc-visitor-history')
      .querySelector('button')!
      .click();
    await waitUntil(() => textOf(dialog()).includes('The lamp is red.'), 'the conversation');
    expect(textOf(dialog())).to.contain('The fuse is new.');
    const params = within(within(open.desk, 'rtc-past-call-dialog'), 'rtc-params-list');
    expect(textOf(params)).to.equal('Problem No power');
    expect((await axe.run(open.desk)).violations.map(({ id }) => id)).to.deep.equal([]);
  });

  it('a row of today opens the call; one that was missed opens nothing', async () => {
    const calls = busyToday.calls.map((call) => ({ ...call, reason: 'agent-ended' as const }));
    open.control.show({ today: { ...busyToday, calls } });
    await open.settle();
    const today = within(open.desk, 'rtc-today-list');
    expect(today.querySelectorAll('button')).to.have.length(2);
    expect(textOf(today)).to.contain('After-sales · Solved');
    today.querySelector('button')!.click();
    await waitUntil(() => textOf(dialog()).includes('The fuse is new.'), 'the call');
  });
});
