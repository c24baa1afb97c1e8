import { expect } from '@open-wc/testing';
import { setViewport } from '@web/test-runner-commands';
import type { BoardAgent, BoardGroup } from '../../src/protocol/board-view.ts';
import type { BoardDelivery } from '../../src/protocol/server-messages.ts';
import { fakeAgent, ownerSession } from '../support/fake-rest.ts';
import { OpenConsole, textOf, until } from '../support/open-console.ts';

const NOW = Date.UTC(2026, 10, 30, 9);
const KEY = `rtc-desk-console-board-${ownerSession.agent.id}`;

const group = (id: string, name: string, change: Partial<BoardGroup> = {}): BoardGroup => ({
  id,
  name,
  waiting: 0,
  waitingSince: null,
  ringing: 0,
  inCall: 0,
  callbacks: 0,
  offered: 0,
  answered: 0,
  abandoned: 0,
  serviceLevel: null,
  averageTalk: null,
  averageHandling: null,
  ...change,
});
const agent = (number: number, change: Partial<BoardAgent> = {}): BoardAgent => ({
  id: fakeAgent(number).id,
  name: `Agent ${number}`,
  groups: ['sales'],
  status: 'available',
  since: NOW - 65_000,
  reason: null,
  ...change,
});
const message = (change: Partial<BoardDelivery> = {}): BoardDelivery => ({
  type: 'board',
  rev: 1,
  now: NOW,
  whole: true,
  flow: { choosing: 2, since: NOW - 5_000 },
  serviceLevelSeconds: 20,
  shortAbandonSeconds: 5,
  groups: [
    group('sales', 'Sales', { waiting: 1, waitingSince: NOW - 30_000, serviceLevel: 0.925 }),
    group('help', 'Help', { waiting: 7, waitingSince: NOW - 600_000, serviceLevel: 0.5 }),
  ],
  agents: [
    agent(1),
    agent(2, { status: 'break', reason: 'Lunch' }),
    agent(3, { status: 'offline' }),
  ],
  gone: { groups: [], agents: [] },
  ...change,
});

/** The socket of the page, without a network. */
class FakeSocket extends EventTarget {
  static readonly OPEN = 1;
  static all: FakeSocket[] = [];
  readonly sent: string[] = [];
  readyState = 1;

  constructor(readonly url: URL) {
    super();
    FakeSocket.all.push(this);
  }

  send(frame: string): void {
    this.sent.push(frame);
  }

  close(): void {
    this.readyState = 3;
  }

  begin(): void {
    this.dispatchEvent(new Event('open'));
  }

  tell(board: BoardDelivery): void {
    this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(board) }));
  }

  cut(code: number): void {
    this.dispatchEvent(new CloseEvent('close', { code }));
  }
}

describe('the live board', () => {
  const RealSocket = window.WebSocket;
  let open: OpenConsole;

  beforeEach(async () => {
    await setViewport({ width: 1280, height: 800 });
    localStorage.removeItem(KEY);
    FakeSocket.all = [];
    window.WebSocket = FakeSocket as unknown as typeof WebSocket;
    open = await OpenConsole.at('/admin/live-board');
    await open.says('Connecting…');
  });
  afterEach(() => {
    open.close();
    window.WebSocket = RealSocket;
    localStorage.removeItem(KEY);
  });

  const socket = (): FakeSocket => FakeSocket.all.at(-1)!;
  const show = async (board = message()) => {
    socket().begin();
    socket().tell(board);
    await open.says('Service level: answered within 20 s');
  };
  const rowOf = (name: string) =>
    until(`a row ${name}`, () =>
      open.all('tbody tr').find((row) => textOf(row.firstElementChild!).includes(name)),
    );
  const names = () =>
    open.all('table[aria-label="Skill groups"] tbody th').map((one) => textOf(one));

  it('says hello as the console, and shows the groups and who is there', async () => {
    await show();
    expect(JSON.parse(socket().sent[0]!)).to.deep.equal({
      type: 'hello',
      protocol: 1,
      role: 'console',
    });
    expect(String(socket().url)).to.match(/^ws.*\/ws$/);
    expect(textOf(await rowOf('Sales'))).to.match(/Sales 1 0:3\d 0 0 0 0 0 0 92.5% – –/);
    expect(textOf(await rowOf('Agent 1'))).to.match(/Available 1:0\d Sales/);
    expect(textOf(await rowOf('Agent 2'))).to.contain('On break Lunch');
    expect(open.text).to.contain('In the flow: 2');
    expect(open.text).not.to.contain('Agent 3');
    (await open.field('Show those who are offline')).click();
    await rowOf('Agent 3');
  });

  it('is the first link of the navigation, and a group leads to its calls', async () => {
    await show();
    expect(textOf(open.all('nav a')[0]!)).to.equal('Live board');
    const link = (await rowOf('Sales')).querySelector('a');
    expect(link?.getAttribute('href')).to.equal('/admin/calls?group=sales');
  });

  it('changes the rows that a later message has, and removes those that are gone', async () => {
    await show();
    const change = {
      rev: 2,
      whole: false,
      agents: [],
      gone: { groups: ['help'], agents: [agent(2).id] },
    };
    socket().tell(message({ ...change, groups: [group('sales', 'Sales', { waiting: 9 })] }));
    await open.gone('Lunch');
    expect(textOf(await rowOf('Sales'))).to.match(/Sales .*9 –/);
    expect(names()).to.have.length(1);
    await rowOf('Agent 1');
  });

  it('lets its clocks go on without a message', async () => {
    await show(
      message({ groups: [group('sales', 'Sales', { waiting: 1, waitingSince: NOW - 9_000 })] }),
    );
    await until('ten seconds', () => /Sales 1 0:1\d/.test(open.text));
  });

  it('marks a row that is over a threshold by text too, by the thresholds of this person', async () => {
    await show();
    const row = await rowOf('Help');
    expect(row.className).to.equal('alert');
    const labels = [...row.querySelectorAll('wa-icon')].map((icon) => icon.getAttribute('label'));
    expect(labels).to.deep.equal(['Many wait', 'Long wait', 'Low service level']);
    expect((await rowOf('Sales')).className).to.equal('');
    await open.press('Alerts');
    await open.enter('Service level below (%)', '95');
    await until('an alert', async () => (await rowOf('Sales')).className === 'alert');
    const stored = JSON.parse(localStorage.getItem(KEY)!) as { thresholds: object; sound: boolean };
    expect(stored.thresholds).to.deep.equal({ waiting: 5, longestWait: 120, serviceLevel: 95 });
    expect(stored.sound).to.equal(false);
  });

  it('sorts by a column, both ways round', async () => {
    await show();
    expect(names()).to.deep.equal(['Help', 'Sales']);
    await open.press('Service level');
    await until('the other order', () => names()[0] === 'Sales');
    await open.press('Service level');
    await until('the first order', () => names()[0] === 'Help');
  });

  it('says that the connection is lost, keeps the figures, and comes back with the whole board', async () => {
    await show();
    socket().cut(1006);
    await open.says('The connection is lost.');
    await rowOf('Sales');
    await until('another socket', () => FakeSocket.all.length === 2);
    socket().begin();
    socket().tell(message({ rev: 9, groups: [group('new', 'New')] }));
    await open.gone('The connection is lost.');
    expect(names()).to.deep.equal(['New']);
  });

  it('asks to sign in again when the session has ended, and does not try again by itself', async () => {
    await show();
    socket().cut(4401);
    await open.says('Your session has ended.');
    await open.shows('rtc-lost-session');
    expect(FakeSocket.all).to.have.length(1);
    await open.press('Connect again');
    expect(FakeSocket.all).to.have.length(2);
  });

  it('says what is empty', async () => {
    await show(message({ groups: [], agents: [], flow: null }));
    await open.says('No groups');
    await open.says('Make the first skill group');
    await open.says('Nobody is here');
    expect(open.text).not.to.contain('In the flow');
  });

  for (const width of [390, 1280]) {
    it(`is accessible at ${width} pixels`, async () => {
      await setViewport({ width, height: 844 });
      await show();
      await expect(await open.shows('rtc-live-board-page')).to.be.accessible();
      expect(document.documentElement.scrollWidth).to.be.at.most(width);
    });
  }
});
