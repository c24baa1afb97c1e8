import { expect } from '@open-wc/testing';
import { setViewport } from '@web/test-runner-commands';
import { refuse } from '../support/fake-rest.ts';
import { OpenConsole, until } from '../support/open-console.ts';

describe('a form of the console', () => {
  let open: OpenConsole;

  before(() => setViewport({ width: 1280, height: 800 }));
  afterEach(() => open.close());

  const group = () => open.rest.groups[0];
  const sent = (method: string) => open.rest.requests.filter((one) => one.method === method);

  it('says next to the field what is wrong, and sends nothing', async () => {
    open = await OpenConsole.at('/admin/agents/new');
    await open.press('Create');
    await open.says('2 fields need your attention.');
    const name = await open.field('Name');
    const problem = name.getAttribute('aria-describedby')!.split(' ').at(-1)!;
    const root = name.getRootNode() as ShadowRoot;
    expect(root.getElementById(problem)?.textContent).to.equal('Enter a name.');
    expect(name.getAttribute('aria-invalid')).to.equal('true');
    expect(root.activeElement).to.equal(name);
    expect(sent('POST')).to.have.length(0);
    await open.enter('Name', 'Ada');
    await open.gone('Enter a name.');
  });

  it('makes a new thing once, shows its link once, and goes to its page', async () => {
    open = await OpenConsole.at('/admin/agents/new');
    await open.enter('Name', 'Ada');
    await open.enter('Username', 'ada');
    await open.press('Create');
    await open.says('https://desk.example.com/admin/password#code');
    await open.press('Done');
    await until('the page of the agent', () => /\/admin\/agents\/0/.test(location.pathname));
    expect(sent('POST')).to.have.length(1);
    expect(open.text).not.to.contain('password#code');
  });

  it('shows the refusal of the server next to the field that it concerns', async () => {
    open = await OpenConsole.at('/admin/groups/new');
    await open.enter('Name', 'After sales');
    expect((await open.field('Short name')).value).to.equal('after-sales');
    await open.press('Create');
    await open.says('This name is taken. Choose another one.');
    expect((await open.field('Short name')).getAttribute('aria-invalid')).to.equal('true');
  });

  it('saves only what was changed, under the version that was read', async () => {
    open = await OpenConsole.at('/admin/groups/after-sales');
    await open.enter('Wrap-up in seconds', '45');
    await open.press('Save');
    await open.says('Saved.');
    const [change] = sent('PATCH');
    expect(change?.body).to.deep.equal({ wrapUpSeconds: 45 });
    expect(change?.ifMatch).to.equal('"0"');
  });

  it('asks before a link loses unsaved changes', async () => {
    open = await OpenConsole.at('/admin/groups/after-sales');
    await open.enter('Name', 'Service');
    await open.follow('Agents');
    await open.says('Leave without saving?');
    await open.press('Cancel');
    expect(location.pathname).to.equal('/admin/groups/after-sales');
    expect((await open.field('Name')).value).to.equal('Service');
    await open.follow('Agents');
    await open.press('Leave without saving');
    await open.says('New agent');
    expect(group()?.name).to.equal('After sales');
  });

  it('asks before the back button loses unsaved changes', async () => {
    open = await OpenConsole.at('/admin/groups');
    await open.follow('After sales');
    await open.enter('Name', 'Service');
    history.back();
    await open.says('Leave without saving?');
    expect(location.pathname).to.equal('/admin/groups/after-sales');
    await open.press('Leave without saving');
    await open.says('New skill group');
  });

  it('asks before the tab closes with unsaved changes, and not after they are saved', async () => {
    open = await OpenConsole.at('/admin/groups/after-sales');
    const isAsked = () => !window.dispatchEvent(new Event('beforeunload', { cancelable: true }));
    await open.field('Name');
    expect(isAsked()).to.equal(false);
    await open.enter('Name', 'Service');
    await until('a question', isAsked);
    await open.press('Save');
    await open.says('Saved.');
    expect(isAsked()).to.equal(false);
  });

  it('discards changes if the person says so', async () => {
    open = await OpenConsole.at('/admin/groups/after-sales');
    await open.enter('Name', 'Service');
    await open.press('Discard changes');
    await until('the old name', () =>
      open.all<HTMLInputElement>('input[name=name]').some(({ value }) => value === 'After sales'),
    );
    expect(sent('PATCH')).to.have.length(0);
  });

  describe('that somebody else saved meanwhile', () => {
    beforeEach(async () => {
      open = await OpenConsole.at('/admin/groups/after-sales');
      await open.enter('Name', 'Service');
      open.rest.change('groups', 'after-sales', { wrapUpSeconds: 60 });
      open.rest.audit = [
        {
          sequence: 1,
          at: Date.UTC(2026, 10, 30),
          type: 'configuration-changed',
          actor: { kind: 'agent', id: null, name: 'adam' },
          address: null,
          subject: 'group:after-sales',
          subjectName: null,
          before: {},
          after: {},
        },
      ];
      await open.press('Save');
      await open.says('adam saved another version');
    });

    it('overwrites nothing, and shows both versions', async () => {
      expect(group()).to.include({ name: 'After sales', wrapUpSeconds: 60 });
      const row = open.all('tr').find((one) => one.textContent?.includes('Wrap-up in seconds'));
      expect(row?.textContent).to.match(/60\s+Not changed/);
      await expect(await open.shows('rtc-conflict-dialog')).to.be.accessible();
    });

    it('takes the other version', async () => {
      await open.press('Take the other version');
      await open.gone('adam saved another version');
      expect((await open.field('Name')).value).to.equal('After sales');
      expect((await open.field('Wrap-up in seconds')).value).to.equal('60');
    });

    it('puts this person’s changes on top of the other version, and saves both', async () => {
      await open.press('Keep my changes');
      await open.gone('adam saved another version');
      expect((await open.field('Wrap-up in seconds')).value).to.equal('60');
      await open.press('Save');
      await open.says('Saved.');
      expect(group()).to.include({ name: 'Service', wrapUpSeconds: 60 });
    });
  });

  it('says so if a change is refused for the role', async () => {
    open = await OpenConsole.at('/admin/groups/after-sales', {
      prepare: (rest) =>
        rest.answers.set('PATCH /groups/after-sales', () => refuse(403, 'forbidden')),
    });
    await open.enter('Name', 'Service');
    await open.press('Save');
    await open.says('Your role may not do this.');
    expect((await open.field('Name')).value).to.equal('Service');
  });

  it('deletes only after a question', async () => {
    open = await OpenConsole.at('/admin/hours/office');
    await open.press('Delete');
    await open.says('Delete Office?');
    await open.press('Cancel');
    expect(sent('DELETE')).to.have.length(0);
  });
});
