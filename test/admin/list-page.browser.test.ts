import { expect } from '@open-wc/testing';
import { setViewport } from '@web/test-runner-commands';
import { fakeAgent, refuse } from '../support/fake-rest.ts';
import { OpenConsole, textOf, until } from '../support/open-console.ts';

describe('a list of the console', () => {
  let open: OpenConsole;

  before(() => setViewport({ width: 1280, height: 800 }));
  afterEach(() => open.close());

  const names = () => open.all('tbody th').map(textOf);
  const showsNames = (...wanted: string[]) =>
    until(`rows ${wanted.join()}`, () => names().join() === wanted.join());
  const lastQuery = () => open.rest.requests.at(-1)?.query.toString();

  it('is a table with a header for each column, also for screen readers on a phone', async () => {
    open = await OpenConsole.at('/admin/agents');
    await showsNames('Agent 1', 'Agent 2', 'Agent 3');
    const table = await open.shows('table');
    expect(table.getAttribute('aria-label')).to.equal('Agents');
    expect(open.all('th[role=columnheader]').map(textOf)).to.include.members(['Name', 'Role']);
    await expect(table).to.be.accessible();
  });

  it('sorts on the server, and back again', async () => {
    open = await OpenConsole.at('/admin/agents');
    await open.press('Name');
    await until('a sorted request', () => lastQuery() === 'sort=name&limit=50');
    await until('the order', () => open.all('th[aria-sort=ascending]').length === 1);
    await open.press('Name');
    await showsNames('Agent 3', 'Agent 2', 'Agent 1');
    expect(location.search).to.equal('?sort=-name');
    expect(open.all('th[aria-sort=descending]')).to.have.length(1);
  });

  it('offers the groups, and who did something, as filters that the server applies', async () => {
    open = await OpenConsole.at('/admin/agents');
    await until('the groups', () => open.all('#filter-group option').length === 3);
    await open.enter('Skill group', 'pre-sales');
    await until('the group', () => lastQuery() === 'group=pre-sales&limit=50');
    open.close();
    open = await OpenConsole.at('/admin/audit');
    await until('the agents', () => open.all('#filter-agent option').length === 4);
    await open.enter('Who', fakeAgent(2).id);
    await until('the agent', () => lastQuery() === `agent=${fakeAgent(2).id}&limit=50`);
  });

  it('goes from page to page by cursor, and back', async () => {
    open = await OpenConsole.at('/admin/agents', { prepare: (rest) => (rest.pageRows = 2) });
    await showsNames('Agent 1', 'Agent 2');
    await open.press('Next page');
    await showsNames('Agent 3');
    history.back();
    await showsNames('Agent 1', 'Agent 2');
    history.forward();
    await showsNames('Agent 3');
    await open.press('First page');
    await showsNames('Agent 1', 'Agent 2');
  });

  it('filters on the server, from the first page', async () => {
    open = await OpenConsole.at('/admin/agents?cursor=2', {
      prepare: (rest) => (rest.pageRows = 2),
    });
    await showsNames('Agent 3');
    await open.enter('Search by name or username', 'agent2');
    await showsNames('Agent 2');
    expect(location.search).to.equal('?q=agent2');
    await open.press('Clear filters');
    await showsNames('Agent 1', 'Agent 2');
  });

  it('begins with the filters and the order of its address', async () => {
    open = await OpenConsole.at('/admin/agents?q=agent&sort=-name');
    await showsNames('Agent 3', 'Agent 2', 'Agent 1');
    expect((await open.field('Search by name or username')).value).to.equal('agent');
  });

  it('tells an empty list from one whose filters match nothing', async () => {
    open = await OpenConsole.at('/admin/agents', { prepare: (rest) => (rest.agents = []) });
    await open.says('No agents yet');
    open.close();
    open = await OpenConsole.at('/admin/agents?q=nobody');
    await open.says('Nothing matches these filters');
    await open.press('Show everything');
    await showsNames('Agent 1', 'Agent 2', 'Agent 3');
  });

  it('says why it could not be read, and tries again', async () => {
    open = await OpenConsole.at('/admin/agents', {
      prepare: (rest) => rest.answers.set('GET /agents', () => refuse(0, 'offline')),
    });
    await open.says('The server cannot be reached.');
    open.rest.answers.clear();
    await open.press('Try again');
    await showsNames('Agent 1', 'Agent 2', 'Agent 3');
  });

  it('shows the answer of the last request if an earlier one comes later', async () => {
    open = await OpenConsole.at('/admin/agents');
    await showsNames('Agent 1', 'Agent 2', 'Agent 3');
    const quick = window.fetch;
    let release = () => {};
    window.fetch = (address, init) =>
      String(address).includes('q=slow')
        ? new Promise((resolve) => (release = () => resolve(quick(address, init))))
        : quick(address, init);
    open.rest.agents = [...open.rest.agents, fakeAgent(9, { name: 'slow' })];
    await open.enter('Search by name or username', 'slow');
    await until('the slow request', () => location.search === '?q=slow');
    await open.enter('Search by name or username', 'agent1');
    await showsNames('Agent 1');
    release();
    await new Promise((resolve) => setTimeout(resolve));
    expect(names()).to.deep.equal(['Agent 1']);
  });
});
