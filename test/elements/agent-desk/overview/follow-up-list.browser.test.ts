import { expect, waitUntil } from '@open-wc/testing';
import '../../../../src/elements/agent-desk/define.ts';
import type { DeskRecords } from '../../../../src/call/agent-desk-control.ts';
import type { FollowUpList } from '../../../../src/elements/agent-desk/overview/follow-up-list.ts';
import { RtcDeskError } from '../../../../src/protocol/errors.ts';
import type { FollowUp } from '../../../../src/protocol/rest/follow-ups.ts';
import { fakeRecords, offered } from '../../../support/fake-agent-desk-control.ts';
import { openDesk, textOf, within } from '../open-desk.ts';

const AGENT = '00000000-0000-4000-8000-000000000001';
const message: FollowUp = {
  id: '00000000-0000-4000-9000-000000000001',
  kind: 'message',
  group: 'after-sales',
  call: '00000000-0000-4000-9000-000000000002',
  visitor: 'Ms. Huber',
  contact: 'huber@example.com',
  text: 'No power since noon.',
  leftAt: Date.now(),
  assignee: null,
  handledAt: null,
  handledBy: null,
  callback: null,
  version: 'one',
};

describe('the messages at the desk', () => {
  let list: FollowUpList;
  let asked: string[];
  afterEach(() => list.remove());

  async function show(records: Partial<DeskRecords>): Promise<void> {
    asked = [];
    list = document.createElement('rtc-follow-up-list');
    list.lang = 'en';
    list.agent = AGENT;
    list.groups = [{ id: 'after-sales', name: 'After sales' }];
    list.records = {
      ...fakeRecords(),
      readFollowUps: async () => ({ items: [message], cursor: null }),
      changeFollowUp: async (followUp, step) => {
        asked.push(JSON.stringify(step));
        return {
          ...followUp,
          ...(step.assigned && { assignee: { id: AGENT, name: 'Alice' } }),
          ...(step.handled && { handledAt: Date.now() }),
        };
      },
      ...records,
    };
    document.body.append(list);
    await waitUntil(() => textOf(list.renderRoot).includes('Ms. Huber'), 'the message');
  }
  const press = async (name: string) => {
    const all = [...list.renderRoot.querySelectorAll('button')];
    all.find((one) => one.ariaLabel === name)!.click();
    await waitUntil(() => !list.renderRoot.querySelector('button[disabled]'), 'the answer');
    await list.updateComplete;
  };

  it('is an accessible list with the contact as a link', async () => {
    await show({});
    await expect(list).to.be.accessible();
    expect(list.renderRoot.querySelector('a')?.getAttribute('href')).to.equal(
      'mailto:huber@example.com',
    );
    expect(textOf(list.renderRoot))
      .to.contain('No power since noon.')
      .and.to.contain('After sales');
  });

  it('takes a message, gives it back, and leaves it out once it is answered', async () => {
    await show({});
    await press('Take it: Ms. Huber');
    expect(textOf(list.renderRoot)).to.contain('Yours').and.to.contain('Give it back');
    await press('Answered: Ms. Huber');
    expect(asked).to.deep.equal(['{"assigned":true}', '{"handled":true}']);
    expect(textOf(list.renderRoot)).not.to.contain('Ms. Huber');
  });

  it('says that somebody else was first, and shows how it stands now', async () => {
    const bob = { id: '00000000-0000-4000-8000-000000000002', name: 'Bob' };
    let reads = 0;
    await show({
      readFollowUps: async () => ({
        items: [reads++ === 0 ? message : { ...message, assignee: bob }],
        cursor: null,
      }),
      changeFollowUp: () => Promise.reject(new RtcDeskError('conflict')),
    });
    await press('Take it: Ms. Huber');
    expect(list.renderRoot.querySelector('[role=alert]')?.textContent).to.contain('Someone else');
    expect(textOf(list.renderRoot)).to.contain('Bob').and.not.to.contain('Take it');
  });

  it('answers by a callback, and offers none while one is open', async () => {
    const callback = { state: 'waiting', attempts: 0, nextAt: 0, expiresAt: 0 } as const;
    await show({ callBack: async (followUp) => ({ ...followUp, callback }) });
    await press('Call back: Ms. Huber');
    expect(textOf(list.renderRoot))
      .to.contain('waiting for its turn')
      .and.not.to.contain('Call back');
  });
});

describe('a callback that rings at the desk', () => {
  it('says that the visitor comes after the agent, and how to reach the visitor', async () => {
    const open = await openDesk();
    const callback = { contact: '+49 30 1234567', text: '', attempt: 2 };
    open.control.show({ status: 'ringing', legs: [offered({}, { callback })] });
    await open.settle();
    const text = textOf(within(open.desk, 'rtc-incoming-call'));
    expect(text).to.contain('Callback, attempt 2 of 3').and.to.contain('+49 30 1234567');
    expect(text).not.to.contain('Waiting for');
    open.close();
  });
});
