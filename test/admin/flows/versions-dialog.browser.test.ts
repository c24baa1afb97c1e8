import { setViewport } from '@web/test-runner-commands';
import { expect } from '@open-wc/testing';
import { refuse } from '../../support/fake-rest.ts';
import { OpenConsole } from '../../support/open-console.ts';
import { FakeFlow } from './fake-flow.ts';

describe('the versions of a flow', () => {
  let open: OpenConsole;

  before(() => setViewport({ width: 1280, height: 800 }));
  beforeEach(async () => {
    open = await OpenConsole.at('/admin/flows/help', { prepare: (rest) => new FakeFlow(rest) });
  });
  afterEach(() => open.close());

  it('are shown, compared in words, and put into the draft', async () => {
    const listed = () => open.shows('ol [data-step="e"]');
    (await listed()).click();
    await open.press('Delete step');
    await open.press('Versions');
    await open.says('by owner olivia');
    await open.says('Removed : End');
    await open.press('Put into the draft: Version 1');
    await listed();
  });

  it('are said to be unreadable, not to be none', async () => {
    open.rest.answers.set('GET /flows/help/versions', () => refuse(500, 'server-error'));
    await open.press('Versions');
    await open.says('Something went wrong on the server.');
    expect(open.text).not.to.contain('This flow was never published.');
  });
});
