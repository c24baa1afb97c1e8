import { expect } from '@open-wc/testing';
import { setViewport } from '@web/test-runner-commands';
import type { FollowUp } from '../../src/protocol/rest/follow-ups.ts';
import { fakeAgent, refuse, supervisorSession } from '../support/fake-rest.ts';
import { OpenConsole, textOf, until } from '../support/open-console.ts';

const id = '00000000-0000-4000-9000-000000000001';
const message: FollowUp = {
  id,
  kind: 'callback',
  group: 'after-sales',
  call: '00000000-0000-4000-9000-000000000002',
  visitor: 'Ms. Huber',
  contact: '+49 30 1234567',
  text: 'No power',
  leftAt: Date.UTC(2026, 10, 30, 9),
  assignee: null,
  handledAt: null,
  handledBy: null,
  callback: { state: 'no-answer', attempts: 3, nextAt: 0, expiresAt: 0 },
  version: 'one',
};

describe('the messages in the console', () => {
  let open: OpenConsole;
  let stored: FollowUp;

  before(() => setViewport({ width: 1280, height: 800 }));
  beforeEach(async () => {
    stored = message;
    open = await OpenConsole.at('/admin/follow-ups', {
      prepare: (rest) => {
        const change =
          (body: Partial<FollowUp>) =>
          ({ ifMatch }: { ifMatch?: string | null }) => {
            if (ifMatch !== `"${stored.version}"`) return refuse(412, 'precondition-failed');
            stored = { ...stored, ...body, version: `${stored.version}+` };
            return { status: 200, body: stored };
          };
        const path = `/follow-ups/${id}`;
        rest.answers.set('GET /follow-ups', () => ({
          status: 200,
          body: { items: stored.id ? [stored] : [], cursor: null },
        }));
        rest.answers.set(`PATCH ${path}`, (request) => {
          const { handled, assignee } = request.body as { handled?: boolean; assignee?: string };
          return change({
            ...(handled && { handledAt: 1, handledBy: 'owner olivia' }),
            ...(assignee && { assignee: { id: assignee, name: 'Agent 1' } }),
          })(request);
        });
        rest.answers.set(`POST ${path}/callback`, (request) =>
          change({ callback: { state: 'waiting', attempts: 0, nextAt: 0, expiresAt: 0 } })(request),
        );
        rest.answers.set(`DELETE ${path}`, () => {
          stored = { ...stored, id: '' };
          return { status: 204 };
        });
      },
    });
    await until('the row', () => rowText().includes('Ms. Huber'));
  });
  afterEach(() => open.close());
  /** The button of the row; its name also says whose message it is. */
  const press = async (name: string) => {
    const button = await until(name, () =>
      open.all('tbody wa-button').find((one) => textOf(one).startsWith(`${name} Ms. Huber`)),
    );
    button.click();
  };
  const rowText = () => open.all('tbody tr').map(textOf).join();

  it('show what was left, the contact as a link, and how the callback stands', async () => {
    const table = await open.shows('table');
    await expect(table).to.be.accessible();
    expect(rowText()).to.contain('No power').and.to.contain('Not reached');
    expect(open.all('tbody a').map((link) => link.getAttribute('href'))).to.include(
      'tel:+49301234567',
    );
  });

  it('are given to an agent of the group, called back and marked as answered, each on the version before', async () => {
    await until('the agents', () => open.all('tbody option').length > 1);
    const select = open.all('tbody select')[0] as HTMLSelectElement;
    select.value = fakeAgent(1).id;
    select.dispatchEvent(new Event('change'));
    await open.says('Saved.');
    expect(stored.assignee?.id).to.equal(fakeAgent(1).id);
    await press('Call back');
    await until('the callback', () => rowText().includes('Waits for its turn'));
    await press('Done');
    await until('handled', () => rowText().includes('Handled by owner olivia'));
  });

  it('show what somebody else chose meanwhile, and write nothing over it', async () => {
    await until('the agents', () => open.all('tbody option').length > 1);
    stored = { ...stored, version: 'two', assignee: { id: fakeAgent(2).id, name: 'Agent 2' } };
    const select = () => open.all('tbody select')[0] as HTMLSelectElement;
    select().value = fakeAgent(1).id;
    select().dispatchEvent(new Event('change'));
    await open.says('Somebody else has changed this.');
    await until('the choice of the other person', () => select().value === fakeAgent(2).id);
    expect(stored.assignee?.id).to.equal(fakeAgent(2).id);
    // The row now has the new version.
    select().value = fakeAgent(1).id;
    select().dispatchEvent(new Event('change'));
    await open.says('Saved.');
    expect(stored.assignee?.id).to.equal(fakeAgent(1).id);
  });

  it('are deleted after a question', async () => {
    await press('Delete');
    await open.press('Delete');
    await until('no row', () => open.all('tbody tr').length === 0);
  });

  it('are deleted by nobody who may not', async () => {
    open.close();
    open = await OpenConsole.at('/admin/follow-ups', {
      prepare: (rest) => {
        rest.session = {
          ...supervisorSession,
          may: { ...supervisorSession.may, 'follow-ups': 'none' },
        };
        rest.answers.set('GET /follow-ups', () => ({
          status: 200,
          body: { items: [message], cursor: null },
        }));
      },
    });
    await until('the row', () => rowText().includes('Ms. Huber'));
    expect(rowText()).to.contain('Done').and.not.to.contain('Delete');
  });
});
