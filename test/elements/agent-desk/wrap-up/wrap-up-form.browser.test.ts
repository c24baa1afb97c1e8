import { expect, waitUntil } from '@open-wc/testing';
import 'axe-core/axe.min.js';
import '../../../../src/elements/agent-desk/define.ts';
import type { LegView, WrapUpView } from '../../../../src/protocol/views.ts';
import { left } from '../../../support/fake-agent-desk-control.ts';
import { openDesk, textOf, within, type OpenDesk } from '../open-desk.ts';

describe('what an agent writes down in the wrap-up', () => {
  let open: OpenDesk;

  const wrapUp = (change: Partial<WrapUpView> = {}): WrapUpView => ({
    maxUntil: Date.now() + 90_000,
    dispositionRequired: true,
    disposition: null,
    note: 'Meter read',
    tags: ['meter'],
    ...change,
  });
  const show = async (change: Partial<WrapUpView> = {}, leg: Partial<LegView> = {}) => {
    open.control.show({ status: 'wrap-up', legs: [left({ wrapUp: wrapUp(change), ...leg })] });
    await open.settle();
  };
  const pane = () => within(open.desk, 'rtc-wrap-up');
  const form = () => within(pane(), 'rtc-wrap-up-form');
  const select = () => form().querySelector('select')!;

  beforeEach(async () => {
    open = await openDesk();
  });
  afterEach(() => open.close());

  it('can be read and used by a screen reader', async () => {
    await show();
    expect((await axe.run(open.desk)).violations.map(({ id }) => id)).to.deep.equal([]);
    expect(select().getAttribute('aria-required')).to.equal('true');
  });

  it('offers the leaves of the tree by their whole path', async () => {
    await show();
    await waitUntil(() => select().options.length > 1, 'the dispositions are loaded');
    expect([...select().options].map((option) => option.text)).to.deep.equal([
      'Choose…',
      'Solved',
      'Fault › Fuse',
    ]);
    select().value = 'fuse';
    select().dispatchEvent(new Event('change'));
    await open.settle();
    expect(open.control.asked).to.include('setDisposition({"callId":"call-1","code":"fuse"})');
  });

  it('is not finished without a required disposition, says so, and is with one', async () => {
    await show();
    open.press('rtc-wrap-up', 'Finish wrap-up');
    await open.settle();
    expect(textOf(form())).to.contain('Choose a disposition before you finish the wrap-up.');
    expect(open.control.asked).not.to.include('finishWrapUp()');
    await show({ disposition: 'solved' });
    expect(textOf(form())).not.to.contain('Choose a disposition before');
    open.press('rtc-wrap-up', 'Finish wrap-up');
    await open.settle();
    expect(open.control.asked).to.include('finishWrapUp()');
  });

  it('saves the note when the field is left', async () => {
    await show();
    const note = form().querySelector('textarea')!;
    expect(note.value).to.equal('Meter read');
    note.value = 'Meter read twice';
    note.dispatchEvent(new Event('change'));
    await open.settle();
    expect(open.control.asked).to.include('saveNote(call-1, Meter read twice)');
  });

  it('adds a tag by Enter and takes one away', async () => {
    await show();
    const field = form().querySelector<HTMLInputElement>('input[name=tag]')!;
    field.value = ' urgent ';
    field.form!.requestSubmit();
    form().querySelector<HTMLButtonElement>('button[aria-label="Remove tag meter"]')!.click();
    await open.settle();
    expect(open.control.asked).to.include('setTags(call-1, ["meter","urgent"])');
    expect(open.control.asked).to.include('setTags(call-1, [])');
  });

  it('offers more time until the longest wrap-up', async () => {
    await show();
    open.press('rtc-wrap-up', 'More time');
    await open.settle();
    expect(open.control.asked).to.include('extendWrapUp()');
    const until = Date.now() + 20_000;
    await show({ maxUntil: until + 300 }, { wrapUpUntil: until });
    expect(textOf(pane())).not.to.contain('More time');
  });
});
