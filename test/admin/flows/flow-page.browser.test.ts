import { expect } from '@open-wc/testing';
import { setViewport } from '@web/test-runner-commands';
import type * as Axe from 'axe-core';
import 'axe-core/axe.min.js';
import type { FlowStep } from '../../../src/protocol/flow.ts';
import { StepAnswerEvent } from '../../../src/admin/flows/step-frame.ts';
import { supervisorSession } from '../../support/fake-rest.ts';
import { OpenConsole, until } from '../../support/open-console.ts';
import { FakeFlow } from './fake-flow.ts';

declare global {
  // axe sets this global. The module exports nothing.
  var axe: typeof Axe;
}

describe('the page of a flow', () => {
  let open: OpenConsole;
  let fake: FakeFlow;

  before(() => setViewport({ width: 1280, height: 800 }));
  beforeEach(async () => {
    localStorage.removeItem('rtc-desk-flow-steps');
    open = await OpenConsole.at('/admin/flows/help', {
      prepare: (rest) => {
        fake = new FakeFlow(rest);
      },
    });
    await open.shows('rtc-flow-outline [data-step], [data-step]');
  });
  afterEach(() => open.close());

  const drawn = (id: string) => open.shows<SVGElement>(`svg [data-step="${id}"]`);
  const listed = (id: string) => open.shows(`ol [data-step="${id}"]`);
  const key = async (id: string, name: string, init: KeyboardEventInit = {}) => {
    const step = await drawn(id);
    step.focus();
    step.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true, ...init }));
  };
  /** Presses the button of the question that is asked. */
  const agree = async (name: string) => {
    const button = await until(`the question's button ${name}`, () =>
      open.all('wa-dialog wa-button').find((one) => one.textContent?.trim() === name),
    );
    button.click();
  };
  const saved = async (): Promise<Readonly<Record<string, FlowStep>>> => {
    await open.press('Save draft');
    await open.says('The draft is saved.');
    return fake.record.document.nodes;
  };

  it('has a region, a toolbar and a button for each step that says where its exits lead', async () => {
    const region = await open.shows('section[aria-label="Flow editor"]');
    const toolbar = region.querySelector('[role=toolbar]')!;
    const names = [...toolbar.querySelectorAll('wa-button')].map((one) => one.textContent?.trim());
    for (const name of ['Add step', 'Undo', 'Redo', 'Check', 'Save draft', 'Publish', 'Try it']) {
      expect(names).to.include(name);
    }
    const name =
      'Menu: What is it about?; Product question leads to Queue: Pre-sales; Report a fault leads to nowhere';
    for (const step of [await drawn('m'), await listed('m')]) {
      expect(step.getAttribute('aria-label')).to.equal(name);
    }
    expect((await drawn('m')).getAttribute('role')).to.equal('button');
  });

  it('shows the whole flow at opening', async () => {
    const last = await drawn('e');
    const canvas = last.ownerSVGElement!.getBoundingClientRect();
    const isInside = () =>
      ['s', 'm', 'q', 'e'].every((id) => {
        const step = last.ownerSVGElement!.querySelector(`[data-step="${id}"]`)!;
        const { left, right, top, bottom } = step.getBoundingClientRect();
        return (
          left >= canvas.left &&
          right <= canvas.right &&
          top >= canvas.top &&
          bottom <= canvas.bottom
        );
      });
    await until('a view of all steps', isInside);
  });

  it('opens the settings of a step, changes them, undoes and redoes it', async () => {
    (await listed('m')).click();
    await open.enter('Title, English', 'Your topic');
    await open.says('Menu: Your topic');
    await open.press('Undo');
    await open.gone('Your topic');
    await open.press('Redo');
    await open.says('Menu: Your topic');
    expect((await saved())['m']).to.have.nested.property('title.en', 'Your topic');
  });

  it('leads an exit to a step by the select and by the keys of the drawing', async () => {
    (await listed('m')).click();
    await open.enter('“Report a fault” leads to', 'e');
    expect((await saved())['m']?.next).to.deep.equal({ product: 'q', fault: 'e' });
    await key('m', 'l');
    await open.says('Exit “Product question” of Menu');
    await key('m', 'l');
    await open.says('Exit “Report a fault” of Menu');
    await key('q', 'Enter');
    expect((await saved())['m']?.next).to.deep.equal({ product: 'q', fault: 'q' });
  });

  it('goes from step to step by the arrow keys, moves, copies, pastes and deletes steps', async () => {
    await key('s', 'ArrowRight');
    await until('the focus at the menu', () =>
      open
        .all('rtc-flow-drawing')
        .some((one) => one.shadowRoot?.activeElement?.matches('[data-step=m]')),
    );
    await key('m', 'c', { ctrlKey: true });
    await key('m', 'v', { ctrlKey: true });
    await drawn('menu');
    await key('q', 'Delete');
    await until('no queue', () => open.all('svg [data-step=q]').length === 0);
    await key('m', 'ArrowDown', { altKey: true });
    const nodes = await saved();
    expect(Object.keys(nodes)).to.deep.equal(['s', 'm', 'e', 'menu']);
    expect(nodes['m']?.next).to.equal(undefined);
    await key('s', 'z', { ctrlKey: true });
    await key('s', 'z', { ctrlKey: true });
    await drawn('q');
  });

  it('drags a step and a wire by the pointer', async () => {
    const drag = (from: Element, to: Element) => {
      const at = (element: Element, type: string, target: Element) => {
        const { left, top, width, height } = element.getBoundingClientRect();
        target.dispatchEvent(
          new PointerEvent(type, {
            bubbles: true,
            composed: true,
            pointerId: 1,
            button: 0,
            clientX: left + width / 2,
            clientY: top + height / 2,
          }),
        );
      };
      const canvas = from.closest('svg')!;
      // A pointer of a script cannot be captured.
      canvas.setPointerCapture = () => {};
      at(from, 'pointerdown', from);
      at(to, 'pointermove', canvas);
      at(to, 'pointerup', canvas);
    };
    const port = await open.shows('svg [data-of=m][data-exit=fault]');
    drag(port, (await drawn('e')).querySelector('.card')!);
    await until('a wire', () => open.all('path.wire').length === 6);
    const place = () => open.all('svg [data-step=e] .card')[0]?.getAttribute('x');
    const before = place();
    drag((await drawn('e')).querySelector('.card')!, (await drawn('s')).querySelector('.card')!);
    await until('another place', () => place() !== before);
    expect((await saved())['m']?.next).to.have.property('fault', 'e');
  });

  it('adds a step after the selected one and wires it', async () => {
    (await listed('m')).click();
    const menu = await open.shows('wa-dropdown-item[value=callback]');
    menu
      .closest('wa-dropdown')
      ?.dispatchEvent(new CustomEvent('wa-select', { detail: { item: { value: 'callback' } } }));
    await open.says('Report a fault → Callback');
    expect((await saved())['m']?.next).to.deep.equal({ product: 'q', fault: 'callback' });
  });

  it('names each fault, goes to its step, and publishes only without one', async () => {
    await open.press('Publish');
    await open.says('1 fault');
    await open.press(
      'Menu: What is it about? – “Report a fault” leads nowhere. Choose where it leads.',
    );
    await open.enter('“Report a fault” leads to', 'q');
    await open.press('Publish');
    await open.says('Publish Help?');
    await agree('Publish');
    await open.says('Version 2 is published.');
    expect(fake.record.publishedVersion).to.equal(2);
  });

  it('says for which buttons it is, and is made the default there', async () => {
    await open.says('The default flow: for each button');
    open.close();
    open = await OpenConsole.at('/admin/flows/help', {
      prepare: (rest) => {
        fake = new FakeFlow(rest);
        fake.change({ isDefault: false });
      },
    });
    await open.says('Only for buttons with flow="help".');
    await open.press('Make it the default');
    await open.says('Make Help the default flow?');
    await open.says('So far they begin with none.');
    await agree('Make it the default');
    await open.says('The default flow: for each button');
    expect(fake.record.isDefault).to.equal(true);
  });

  it('says what is missing instead of sending it', async () => {
    (await listed('m')).click();
    await open.enter('Title, English', '');
    await open.enter('Title, 中文', '');
    await open.press('Save draft');
    await open.says('Title: enter a text.');
    expect(open.rest.requests.filter(({ method }) => method === 'PUT')).to.have.length(0);
  });

  it('asks before unsaved changes are lost, and tells of another person’s version', async () => {
    (await listed('m')).click();
    await open.enter('Title, English', 'Mine');
    await open.follow('Hours');
    await open.says('Leave without saving?');
    await open.press('Cancel');
    const { document } = fake.record;
    const { q: _gone, ...nodes } = document.nodes;
    fake.change({ document: { ...document, nodes } });
    await open.press('Save draft');
    await open.says('Another version was saved meanwhile.');
    await open.says('Removed');
    await open.press('Keep my changes');
    await open.says('Menu: Mine');
    await until('no queue', () => open.all('ol [data-step=q]').length === 0);
    expect((await saved())['m']).to.have.nested.property('title.en', 'Mine');
  });

  it('takes a file, and refuses a bad one without losing anything', async () => {
    const field = await open.shows<HTMLInputElement>('input[type=file]');
    const choose = (text: string) => {
      const files = new DataTransfer();
      files.items.add(new File([text], 'x.json'));
      field.files = files.files;
      field.dispatchEvent(new Event('change'));
    };
    for (const bad of [
      'no json',
      '{}',
      '{"schema": 1, "start": "s", "nodes": {"s": {"type": "x"}}}',
    ]) {
      choose(bad);
      await open.says('“x.json” is no flow. Nothing was changed.');
      await listed('m');
    }
    choose(
      '{"name": "N", "document": {"schema": 1, "start": "s", "nodes": {"s": {"type": "start"}}}}',
    );
    await open.says('The file is in the draft.');
    expect(open.all('ol [data-step]')).to.have.length(1);
  });

  it('walks the flow as a visitor: a step, a request, a queue, the end', async () => {
    const known = { params: {}, priority: null, left: [] };
    fake.trial = [
      {
        ...known,
        at: {
          kind: 'step',
          node: 'm',
          step: { type: 'menu', node: 'm', back: false, title: 'T', options: [] },
        },
      },
      {
        ...known,
        at: { kind: 'request', node: 'm', url: 'https://crm.test/', params: { device: 'M1' } },
      },
      {
        ...known,
        at: {
          kind: 'queue',
          node: 'q',
          group: 'pre-sales',
          priority: 2,
          timeoutSeconds: 60,
          open: false,
        },
      },
      { ...known, at: { kind: 'end', node: 'e', reason: 'flow-ended' }, params: { plan: 'gold' } },
    ];
    await open.press('Try it');
    const frame = await open.shows('rtc-step-frame');
    expect((await drawn('m')).getAttribute('aria-current')).to.equal('step');
    frame.dispatchEvent(new StepAnswerEvent('product'));
    await open.says('Here the flow asks your server');
    await open.enter('What the server answers, as JSON', '{');
    await open.says('This is no JSON.');
    await open.enter('What the server answers, as JSON', '{"plan": "gold"}');
    await open.gone('This is no JSON.');
    await open.press('ok');
    await open.says('The visitor waits in the queue of Pre-sales');
    await open.says('The group is closed at this time');
    await open.press('Nobody is there');
    await open.says('The flow ends without a call.');
    await open.says('plan : gold');
    const { body } = open.rest.requests.at(-1)!;
    expect((body as { inputs: unknown }).inputs).to.deep.equal([
      { kind: 'answer', value: 'product' },
      { kind: 'exit', exit: 'ok', answer: { plan: 'gold' } },
      { kind: 'exit', exit: 'nobody' },
    ]);
    const { violations } = await globalThis.axe.run(open.app, {
      rules: { 'label-content-name-mismatch': { enabled: true } },
    });
    expect(violations.map(({ id }) => id)).to.deep.equal([]);
    await open.press('Stop');
    await open.says('Choose a step in the outline');
  });

  it('has a form without a violation for each type', async () => {
    const types = [
      'menu',
      'form',
      'message',
      'hours',
      'condition',
      'set',
      'request',
      'queue',
      'callback',
    ];
    for (const type of [...types, 'leave-message', 'end']) {
      const host = (await open.shows('wa-dropdown-item[value=menu]')).closest('wa-dropdown');
      host?.dispatchEvent(new CustomEvent('wa-select', { detail: { item: { value: type } } }));
      await until(type, () =>
        open
          .all('rtc-step-form')
          .some((one) => (one as HTMLElement & { step: string }).step.startsWith(type)),
      );
      const form = await open.shows('rtc-step-form');
      await (form as HTMLElement & { updateComplete: Promise<boolean> }).updateComplete;
      const { violations } = await globalThis.axe.run(form);
      expect(
        violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]),
        type,
      ).to.deep.equal([]);
    }
  }).timeout(60_000);

  it('lets a supervisor edit and check, and not publish', async () => {
    open.close();
    open = await OpenConsole.at('/admin/flows/help', {
      prepare: (rest) => {
        fake = new FakeFlow(rest);
        rest.session = supervisorSession;
      },
    });
    await listed('m');
    expect(open.text).to.contain('Save draft');
    expect(open.all('wa-button').some((one) => one.textContent?.trim() === 'Publish')).to.equal(
      false,
    );
  });
});
